package espalier.collect;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Makes names of the bytes that archives hold. No byte is lost: other bytes give another name. */
final class EntryNames {
    /** Bytes 0x80 to 0xFF of the first PC's code page, which a zip name without the UTF-8 flag is in. */
    private static final String CP437 = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
            + "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00A0";

    private EntryNames() {}

    /** {@code bytes} as UTF-8; empty when they are not. */
    static Optional<String> utf8(byte[] bytes) {
        return strictly(bytes, StandardCharsets.UTF_8);
    }

    /** {@code bytes} as code page 437, in which every byte is a character. */
    static String cp437(byte[] bytes) {
        var name = new StringBuilder(bytes.length);
        for (byte each : bytes) {
            name.append(each >= 0 ? (char) each : CP437.charAt(each & 0x7F));
        }
        return name.toString();
    }

    /** {@code bytes} as Windows-1252, or as code page 437 when there is a byte that has no character there. */
    static String western(byte[] bytes) {
        return strictly(bytes, Charset.forName("windows-1252")).orElseGet(() -> cp437(bytes));
    }

    private static Optional<String> strictly(byte[] bytes, Charset charset) {
        try {
            return Optional.of(
                    charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException other) {
            return Optional.empty();
        }
    }
}
