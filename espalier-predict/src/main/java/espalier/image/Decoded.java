package espalier.image;

import java.util.List;

/**
 * A decoded picture with what its file said.
 *
 * @param image the upright RGB pixels
 * @param header what the file's header says, before orientation and reduced decoding
 * @param warnings what is odd about the file and did not stop it from being read: a misleading
 *     extension, an animation of which only the first frame is used, grey in place of missing data
 */
public record Decoded(Image image, ImageHeader header, List<String> warnings) {
    public Decoded {
        warnings = List.copyOf(warnings);
    }
}
