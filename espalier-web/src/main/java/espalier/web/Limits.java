package espalier.web;

import java.time.Duration;

/**
 * How much a server takes on.
 *
 * @param body most bytes of a request's body, where its route says nothing else
 * @param bodies most bytes of all bodies that are in memory at once; beyond it, 503
 * @param connections most connections at once; further ones wait to be accepted
 * @param threads most threads that answer requests
 * @param idle how long a connection may be silent before its first request and in the middle of one, and how long headers
 *     may take
 * @param keepAlive how long it may be silent between two requests. Longer than proxies keep theirs, 60 seconds mostly: who
 *     closes first must be the one that sends, or a request is lost now and then. Not while all connections are taken
 * @param bytesPerSecond the least pace of a body after its first five seconds
 * @param drain how long requests at work may go on when the server stops
 */
public record Limits(
        int body,
        long bodies,
        int connections,
        int threads,
        Duration idle,
        Duration keepAlive,
        int bytesPerSecond,
        Duration drain) {
    /** Says which number makes no sense. */
    public Limits {
        if (body < 1 || bodies < body || connections < 1 || threads < 8 || bytesPerSecond < 0) {
            throw new IllegalArgumentException("limits must be positive, 'bodies' at least 'body', and 'threads' at"
                    + " least 8; received body " + body + ", bodies " + bodies + ", connections " + connections
                    + ", threads " + threads + ", bytesPerSecond " + bytesPerSecond
                    + ". Maybe two of them were exchanged.");
        }
    }

    /**
     * For a page that one person uses: bodies of 1 MB, a quarter of the heap for all, 1,000 connections, 64 threads, 5
     * seconds of silence, 75 between requests, 1 KB a second, 10 seconds to drain.
     */
    public static Limits of() {
        return new Limits(
                1 << 20,
                Math.max(8L << 20, Runtime.getRuntime().maxMemory() / 4),
                1000,
                64,
                Duration.ofSeconds(5),
                Duration.ofSeconds(75),
                1024,
                Duration.ofSeconds(10));
    }

    /** A copy with another limit of a body. */
    public Limits body(int body) {
        return new Limits(body, Math.max(bodies, body), connections, threads, idle, keepAlive, bytesPerSecond, drain);
    }

    /** A copy with another limit of all bodies. */
    public Limits bodies(long bodies) {
        return new Limits(body, bodies, connections, threads, idle, keepAlive, bytesPerSecond, drain);
    }

    /** A copy with another limit of connections. */
    public Limits connections(int connections) {
        return new Limits(body, bodies, connections, threads, idle, keepAlive, bytesPerSecond, drain);
    }

    /** A copy with another limit of threads. */
    public Limits threads(int threads) {
        return new Limits(body, bodies, connections, threads, idle, keepAlive, bytesPerSecond, drain);
    }

    /** A copy with another limit of silence before and within requests. */
    public Limits idle(Duration idle) {
        return new Limits(body, bodies, connections, threads, idle, keepAlive, bytesPerSecond, drain);
    }

    /** A copy with another limit of silence between requests. */
    public Limits keepAlive(Duration keepAlive) {
        return new Limits(body, bodies, connections, threads, idle, keepAlive, bytesPerSecond, drain);
    }

    /** A copy with another time to drain. */
    public Limits drain(Duration drain) {
        return new Limits(body, bodies, connections, threads, idle, keepAlive, bytesPerSecond, drain);
    }
}
