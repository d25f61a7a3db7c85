package espalier.collect.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import espalier.collect.fetch.FetchException.Kind;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final FetchOptions OPTIONS = FetchOptions.standard()
            .proxies(Proxies.NONE)
            .deadline(Duration.ofSeconds(10))
            .resolver(host -> List.of(InetAddress.getByName("93.184.216.34")));

    @TempDir
    Path directory;

    @Test
    void certificate_thatIsValidAndTrusted_isAccepted_andTheNameIsSent() throws Exception {
        var store = certificate("-validity", "30");
        try (var server = LoopbackServer.start(context(store).getServerSocketFactory(), x -> x.answer(200, "safe"))) {
            try (var response = fetcher(store, server.port()).get(Request.of("https://good.example/"))) {
                assertThat(response.text(100)).isEqualTo("safe");
            }
            assertThat(server.requests().get(0).headers()).containsEntry("host", "good.example");
        }
    }

    @Test
    void N09_certificateOfAnotherHost_isRefused() throws Exception {
        var store = certificate("-validity", "30");
        try (var server = LoopbackServer.start(context(store).getServerSocketFactory(), x -> x.answer(200, "safe"))) {
            assertThat(refusal(fetcher(store, server.port()), "https://other.example/"))
                    .isEqualTo(Kind.TLS);
        }
    }

    @Test
    void N09_expiredCertificate_isRefused() throws Exception {
        var store = certificate("-startdate", "-10d", "-validity", "5");
        try (var server = LoopbackServer.start(context(store).getServerSocketFactory(), x -> x.answer(200, "safe"))) {
            assertThat(refusal(fetcher(store, server.port()), "https://good.example/"))
                    .isEqualTo(Kind.TLS);
        }
    }

    @Test
    void N09_certificateThatNobodySigned_isRefused() throws Exception {
        var store = certificate("-validity", "30");
        try (var server = LoopbackServer.start(context(store).getServerSocketFactory(), x -> x.answer(200, "safe"))) {
            var fetcher = Fetcher.of(OPTIONS, (address, limit) -> new Socket("127.0.0.1", server.port()));
            assertThat(refusal(fetcher, "https://good.example/")).isEqualTo(Kind.TLS);
        }
    }

    @Test
    void N02_httpsToHttp_isRefused() throws Exception {
        var store = certificate("-validity", "30");
        try (var server = LoopbackServer.start(
                context(store).getServerSocketFactory(), x -> x.answer(302, "", "Location: http://good.example/"))) {
            assertThat(refusal(fetcher(store, server.port()), "https://good.example/"))
                    .isEqualTo(Kind.REDIRECT);
        }
    }

    private static Kind refusal(Fetcher fetcher, String url) {
        FetchException failure = catchThrowableOfType(
                FetchException.class, () -> fetcher.get(Request.of(url)).close());
        assertThat(failure).isNotNull();
        return failure.kind();
    }

    private static Fetcher fetcher(KeyStore trusted, int port) throws Exception {
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        var authority = KeyStore.getInstance("PKCS12");
        authority.load(null, PASSWORD);
        authority.setCertificateEntry("authority", trusted.getCertificate("authority"));
        trust.init(authority);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLSocketFactory factory = context.getSocketFactory();
        return Fetcher.of(OPTIONS, (address, limit) -> new Socket("127.0.0.1", port), factory);
    }

    private static SSLContext context(KeyStore store) throws Exception {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        var own = KeyStore.getInstance("PKCS12"); // the server shows the site's certificate, never the authority's
        own.load(null, PASSWORD);
        own.setKeyEntry("site", store.getKey("site", PASSWORD), PASSWORD, store.getCertificateChain("site"));
        keys.init(own, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /** A certificate for good.example and the authority that signed it, made by the JDK's own tool. */
    private KeyStore certificate(String... validity) throws Exception {
        String request = directory.resolve("request.pem").toString();
        String signed = directory.resolve("signed.pem").toString();
        keytool("-genkeypair -alias authority -keyalg EC -dname CN=Authority -ext bc:c");
        keytool("-genkeypair -alias site -keyalg EC -dname CN=good.example");
        keytool("-certreq -alias site -file " + request);
        keytool("-gencert -alias authority -ext san=dns:good.example -infile " + request + " -outfile " + signed + " "
                + String.join(" ", validity));
        keytool("-importcert -alias site -noprompt -file " + signed);
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(directory.resolve("store.p12"))) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private void keytool(String arguments) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments.split(" ")));
        command.addAll(List.of("-storepass", new String(PASSWORD), "-keystore", directory.resolve("store.p12") + ""));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
