package espalier.collect.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import espalier.collect.fetch.FetchException.Kind;
import espalier.testing.plain.LoopbackServer;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final FetchOptions OPTIONS = FetchOptions.standard()
            .proxies(Proxies.NONE)
            .deadline(Duration.ofSeconds(10))
            .resolver(host -> List.of(InetAddress.getByName("93.184.216.34")));

    @TempDir
    static Path directory;

    private static Certificate authority;
    private static Key key;
    private static SSLContext valid;
    private static SSLContext expired;

    @Test
    void certificate_thatIsValidAndTrusted_isAccepted_andTheNameIsSent() throws Exception {
        var context = valid;
        try (var server = LoopbackServer.start(context.getServerSocketFactory(), x -> x.answer(200, "safe"))) {
            try (var response = fetcher(server.port()).get(Request.of("https://good.example/"))) {
                assertThat(response.text(100)).isEqualTo("safe");
            }
            assertThat(server.requests().get(0).headers()).containsEntry("host", "good.example");
        }
    }

    @Test
    void N09_certificateOfAnotherHost_isRefused() throws Exception {
        var context = valid;
        try (var server = LoopbackServer.start(context.getServerSocketFactory(), x -> x.answer(200, "safe"))) {
            assertThat(refusal(fetcher(server.port()), "https://other.example/"))
                    .isEqualTo(Kind.TLS);
        }
    }

    @Test
    void N09_expiredCertificate_isRefused() throws Exception {
        var context = expired;
        try (var server = LoopbackServer.start(context.getServerSocketFactory(), x -> x.answer(200, "safe"))) {
            assertThat(refusal(fetcher(server.port()), "https://good.example/")).isEqualTo(Kind.TLS);
        }
    }

    @Test
    void N09_certificateThatNobodySigned_isRefused() throws Exception {
        var context = valid;
        try (var server = LoopbackServer.start(context.getServerSocketFactory(), x -> x.answer(200, "safe"))) {
            var fetcher = Fetcher.of(OPTIONS, (address, limit) -> new Socket("127.0.0.1", server.port()));
            assertThat(refusal(fetcher, "https://good.example/")).isEqualTo(Kind.TLS);
        }
    }

    @Test
    void N02_httpsToHttp_isRefused() throws Exception {
        var context = valid;
        try (var server = LoopbackServer.start(
                context.getServerSocketFactory(), x -> x.answer(302, "", "Location: http://good.example/"))) {
            assertThat(refusal(fetcher(server.port()), "https://good.example/")).isEqualTo(Kind.REDIRECT);
        }
    }

    private static Kind refusal(Fetcher fetcher, String url) {
        FetchException failure = catchThrowableOfType(
                FetchException.class, () -> fetcher.get(Request.of(url)).close());
        assertThat(failure).isNotNull();
        return failure.kind();
    }

    /** Two certificates for good.example, one expired, and their authority, made once by the JDK's own tool. */
    @BeforeAll
    static void makeCertificates() throws Exception {
        Path request = directory.resolve("request.pem");
        Path validFile = directory.resolve("valid.pem");
        Path expiredFile = directory.resolve("expired.pem");
        keytool("-genkeypair -alias authority -keyalg EC -dname CN=Authority -ext bc:c");
        keytool("-genkeypair -alias site -keyalg EC -dname CN=good.example");
        keytool("-certreq -alias site -file " + request);
        String sign = "-gencert -alias authority -ext san=dns:good.example -infile " + request + " -outfile ";
        keytool(sign + validFile + " -validity 30");
        keytool(sign + expiredFile + " -startdate -10d -validity 5");
        var made = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(directory.resolve("store.p12"))) {
            made.load(in, PASSWORD);
        }
        authority = made.getCertificate("authority");
        key = made.getKey("site", PASSWORD);
        valid = server(validFile);
        expired = server(expiredFile);
    }

    private static void keytool(String arguments) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments.split(" ")));
        command.addAll(List.of("-storepass", new String(PASSWORD), "-keystore", directory.resolve("store.p12") + ""));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    /** A server that shows the certificate in {@code file}. */
    private static SSLContext server(Path file) throws Exception {
        Certificate own;
        try (var in = Files.newInputStream(file)) {
            own = CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        store.setKeyEntry("site", key, PASSWORD, new Certificate[] {own, authority});
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /** A fetcher that trusts the authority. */
    private static Fetcher fetcher(int port) throws Exception {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, PASSWORD);
        trusted.setCertificateEntry("authority", authority);
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return Fetcher.of(OPTIONS, (address, limit) -> new Socket("127.0.0.1", port), context.getSocketFactory());
    }
}
