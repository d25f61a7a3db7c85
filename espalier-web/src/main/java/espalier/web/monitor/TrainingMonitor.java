package espalier.web.monitor;

import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.Step;
import espalier.web.WebServer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A page that shows a training while it runs: the curves of loss and rate, the table of epochs, the pictures of the
 * present batch, a button that stops and one that saves the model as it is.
 *
 * <pre>{@code
 * learner.callback(TrainingMonitor.of(System.out::println));       // tells the address with its token
 * learner.fineTune(4);
 * }</pre>
 *
 * <p>The page is served from the beginning of a training to its end, on 127.0.0.1 and to those who have the token. Who
 * opens it late sees everything from the beginning. What the page asks for is done between two batches, by the training's
 * own thread.
 */
public final class TrainingMonitor implements Callback, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingMonitor.class);

    private final WebServer server;
    private final int port;
    private final Optional<Path> saved;
    private final Consumer<String> ready;
    private volatile Optional<MonitorPage> page = Optional.empty();

    private TrainingMonitor(WebServer server, int port, Optional<Path> saved, Consumer<String> ready) {
        this.server = server;
        this.port = port;
        this.saved = saved;
        this.ready = ready;
    }

    /**
     * A monitor at any free port of 127.0.0.1, with a token made for it.
     *
     * @param ready is given the page's address with the token as soon as the page is there
     */
    public static TrainingMonitor of(Consumer<String> ready) {
        byte[] token = new byte[16];
        new SecureRandom().nextBytes(token);
        var server = WebServer.of("monitor").token(HexFormat.of().formatHex(token));
        return new TrainingMonitor(server, 0, Optional.empty(), ready);
    }

    /** The same at a port of the user's choice; 0 for any that is free. */
    public TrainingMonitor port(int port) {
        return new TrainingMonitor(server, port, saved, ready);
    }

    /** The same on another address, a name or a number: {@code "0.0.0.0"} for all of this machine. */
    public TrainingMonitor host(String host) {
        return new TrainingMonitor(server.host(host), port, saved, ready);
    }

    /** The same with a token of the user's choice, at least 16 characters. */
    public TrainingMonitor token(String token) {
        return new TrainingMonitor(server.token(token), port, saved, ready);
    }

    /** The same with a button that writes the model as it is to {@code file}; without, there is no such button. */
    public TrainingMonitor saveTo(Path file) {
        return new TrainingMonitor(server, port, Optional.of(file), ready);
    }

    /** The page's address with the token; empty while no training runs. */
    public Optional<String> link() {
        return page.map(MonitorPage::link);
    }

    @Override
    public Phase phase() {
        return Phase.REPORT;
    }

    /** @throws java.io.UncheckedIOException when the port is in use or may not be used */
    @Override
    public void beforeFit(Fit fit) {
        close();
        var opened = MonitorPage.open(server, port, saved, fit);
        page = Optional.of(opened);
        ready.accept(opened.link());
    }

    @Override
    public void afterBatch(Fit fit, Step step) {
        page.ifPresent(open -> {
            try {
                open.batch(fit, step);
            } catch (RuntimeException failure) {
                // A page that fails must not cost the training.
                LOG.warn("the monitor could not show a batch: {}", failure.toString());
            }
        });
    }

    @Override
    public void afterEpoch(Fit fit) {
        page.ifPresent(open -> open.epoch(fit));
    }

    @Override
    public void afterFit(Fit fit) {
        page.ifPresent(open -> open.end(fit));
        close();
    }

    /** Ends the page, if it is there; afterwards the training goes on without. */
    @Override
    public void close() {
        page.ifPresent(MonitorPage::close);
        page = Optional.empty();
    }
}
