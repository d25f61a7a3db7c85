package espalier.collect.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "http://127.1/a 127.0.0.1",
                "http://0x7f000001/ 127.0.0.1",
                "http://2130706433/ 127.0.0.1",
                "http://0177.0.0.1/ 127.0.0.1",
                "http://0x7f.1/ 127.0.0.1",
                "http://10.0.0.1./ 10.0.0.1",
                "http://１２７.0.0.1/ 127.0.0.1",
                "http://127。0。0。1/ 127.0.0.1",
                "http://[::ffff:10.0.0.1]/ 10.0.0.1",
                "http://LocalHost./ localhost",
                "http://bücher.example/ xn--bcher-kva.example",
                "http:\\\\www.example\\a www.example",
            })
    void host_isSeenAsWhatItMeans(String text, String host) throws Exception {
        assertThat(Url.of(text).host()).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://example.com/",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "example.com/a.jpg",
                "http://good@10.0.0.1/",
                "http://user:secret@example.com/",
                "http://256.1.1.1/",
                "http://1.2.3.4.5/",
                "http://4294967296/",
                "http://09.1.1.1/",
                "http://[::1%25eth0]/",
                "http://exa mple.com/",
                "http://%31%32%37.0.0.1/",
                "http://example.com:0/",
                "http://example.com:99999/",
                "http:///",
                "",
            })
    void url_thatIsNotPlainHttp_isRefused(String text) {
        assertThatThrownBy(() -> Url.of(text))
                .isInstanceOfSatisfying(
                        FetchException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FetchException.Kind.REFUSED))
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '~',
            value = {
                "http://h/a.jpg?sig=a%2Fb%3D&e=1#top /a.jpg?sig=a%2Fb%3D&e=1",
                "~http://h/a b/é.jpg~ /a%20b/%C3%A9.jpg",
                "http://h/100%.jpg /100%25.jpg",
                "http://h/%41?x=[1]|2 /%41?x=%5B1%5D%7C2",
                "http://h?q=1 /?q=1",
                "http://h /",
            })
    void N08_target_keepsQueryAndEscapes(String text, String target) throws Exception {
        assertThat(Url.of(text).target()).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "b.jpg http://h:8080/dir/b.jpg",
                "/b.jpg http://h:8080/b.jpg",
                "//other/b.jpg http://other/b.jpg",
                "?p=2 http://h:8080/dir/a.jpg?p=2",
                "https://x/y https://x/y",
            })
    void resolve_givesWhatALocationMeans(String reference, String expected) throws Exception {
        assertThat(Url.of("http://h:8080/dir/a.jpg?p=1").resolve(reference)).hasToString(expected);
    }

    @Test
    void with_encodesBothSides() throws Exception {
        assertThat(Url.of("http://h/s?a=1").with("q x", "a&b c")).hasToString("http://h/s?a=1&q+x=a%26b+c");
    }
}
