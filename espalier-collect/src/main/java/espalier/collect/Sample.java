package espalier.collect;

import java.util.List;
import java.util.Optional;

/**
 * A well-known data set.
 *
 * @param name the name to fetch it by, such as {@code "imagenette-160"}
 * @param about what is in it
 * @param licence under which terms, in a few words; theirs, not Espalier's
 * @param home the page that tells more
 * @param files what is downloaded
 */
public record Sample(String name, String about, String licence, String home, List<Part> files) {
    /**
     * One file of a data set.
     *
     * @param urls where it is, the first first
     * @param bytes its size; empty when the publisher states none
     * @param md5 the MD5 of all of it, when the publisher states it
     * @param md5OfFirstMegabyte the MD5 of its first 1,048,576 bytes, when that is what the publisher states
     */
    public record Part(
            List<String> urls, Optional<Long> bytes, Optional<String> md5, Optional<String> md5OfFirstMegabyte) {
        public Part {
            urls = List.copyOf(urls);
        }

        /** The file's name. */
        public String name() {
            return FileNames.fromUrl(urls.get(0));
        }
    }

    public Sample {
        files = List.copyOf(files);
    }
}
