package espalier.collect.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void plain_hasCharactersInPlaceOfEntities() {
        assertThat(Json.plain(
                        "<a href=\"//x\">Tom &amp; J&eacute;r&ocirc;me&nbsp;</a>&lt;3 &ndash; &#353;&#x17E;&#039;"))
                .isEqualTo("Tom & J\u00e9r\u00f4me <3 \u2013 \u0161\u017e'");
        assertThat(Json.plain("&amp;lt; &unknown; &#0; &#1114112; &yuml;&frac12; AT&T"))
                .isEqualTo("&lt; &unknown; &#0; &#1114112; \u00ff\u00bd AT&T");
    }
}
