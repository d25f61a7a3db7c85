package espalier.image;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Looks for damage in the middle of a JPEG, which decoders paper over with grey or shifted blocks: reads all of the
 * coded data without making a picture of it, and sees whether the codes exist, fill their blocks, come out at the end,
 * and give brightnesses that a picture can have. A JPEG has no checksum, so what keeps all of this right stays
 * unseen: of 8 to 64 bytes overwritten in photographs, a quarter, which libjpeg does not complain of either. Baseline and progressive files are read; arithmetic coding and tables that are not in the file are not.
 *
 * @paper ITU-T T.81 (1992), annexes F and G: sequential and progressive decoding
 */
public final class JpegIntegrity {
    /**
     * Above what the brightest or darkest block of 8 bits gives, 1024, by what encoders add: half a step of rounding,
     * and up to 31 levels where they soften edges (8 times 31 is 248). After damage the sum of the changes drifts off.
     */
    private static final int BRIGHTEST = 1024 + 288;

    private static final long MOST_PIXELS = 300_000_000;

    /** One colour channel of the frame; sizes in blocks, as a scan of this channel alone has them. */
    private static final class Channel {
        int id;
        int across;
        int down;
        int width;
        int height;
        int quantiser;
        /** What the numbers of its brightness are multiplied by. */
        int step;

        int predicted;
        /** By block: which of its 64 coefficients are not zero so far. Only of progressive files. */
        long[] nonZero = {};
    }

    private final byte[] bytes;
    private final JpegCodes[] dc = new JpegCodes[4];
    private final JpegCodes[] ac = new JpegCodes[4];
    private final Map<Integer, Integer> quantisers = new HashMap<>();
    private Channel[] channels = {};
    private boolean progressive;
    private boolean readable;
    private int restartInterval;
    private int unitsAcross;
    private int unitsDown;

    private JpegIntegrity(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * What is wrong with the coded data of a JPEG, a short phrase; empty when nothing is to be seen, and when the file
     * is truncated or no JPEG that this can read: reading it as a picture tells.
     */
    public static Optional<String> damage(byte[] jpeg) {
        try {
            var file = JpegFile.parse(jpeg);
            return file.whole() ? new JpegIntegrity(jpeg).check(file) : Optional.empty();
        } catch (Unreadable | ArrayIndexOutOfBoundsException other) {
            return Optional.empty();
        }
    }

    private Optional<String> check(JpegFile file) {
        for (int[] part : file.parts()) {
            int at = part[0];
            switch (bytes[at + 1] & 0xff) {
                case 0xc4 -> codes(at + 4, part[1]);
                case 0xc0, 0xc1, 0xc2 -> frame(at);
                case 0xdb -> quantisers(at + 4, part[1]);
                case 0xdd -> restartInterval = u16(at + 4);
                case 0xda -> {
                    var damage = scan(at, part[1]);
                    if (damage.isPresent()) {
                        return damage;
                    }
                }
                default -> {}
            }
            if (isUnknownFrame(bytes[at + 1] & 0xff)) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static boolean isUnknownFrame(int marker) {
        return marker > 0xc2 && marker <= 0xcf && marker != 0xc4 && marker != 0xcc;
    }

    private int u16(int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }

    private void codes(int from, int end) {
        for (int at = from; at + 17 <= end; ) {
            int total = 0;
            for (int i = 1; i <= 16; i++) {
                total += bytes[at + i] & 0xff;
            }
            var table = new JpegCodes(Arrays.copyOfRange(bytes, at + 1, Math.min(end, at + 17 + total)), 0);
            ((bytes[at] & 0xff) >> 4 == 0 ? dc : ac)[bytes[at] & 3] = table;
            at += 17 + total;
        }
    }

    private void quantisers(int from, int end) {
        for (int at = from; at < end; ) {
            boolean wide = (bytes[at] & 0xff) >> 4 != 0;
            quantisers.put(bytes[at] & 15, wide ? u16(at + 1) : bytes[at + 1] & 0xff);
            at += wide ? 129 : 65;
        }
    }

    private void frame(int at) {
        progressive = bytes[at + 1] == (byte) 0xc2;
        int height = u16(at + 5);
        int width = u16(at + 7);
        channels = new Channel[bytes[at + 9] & 0xff];
        int most = 1;
        int tallest = 1;
        for (int i = 0; i < channels.length; i++) {
            var channel = new Channel();
            int sizes = bytes[at + 11 + 3 * i] & 0xff;
            channel.id = bytes[at + 10 + 3 * i];
            channel.across = sizes >> 4;
            channel.down = sizes & 15;
            channel.quantiser = bytes[at + 12 + 3 * i] & 15;
            most = Math.max(most, channel.across);
            tallest = Math.max(tallest, channel.down);
            channels[i] = channel;
        }
        unitsAcross = up(width, 8 * most);
        unitsDown = up(height, 8 * tallest);
        // A height that only comes later is rare, and what no reader takes is not worth the memory.
        readable = height > 0 && width > 0 && (long) width * height <= MOST_PIXELS;
        for (Channel channel : channels) {
            channel.width = up(up(width * channel.across, most), 8);
            channel.height = up(up(height * channel.down, tallest), 8);
            channel.nonZero = progressive && readable ? new long[channel.width * channel.height] : channel.nonZero;
        }
    }

    private static int up(int number, int by) {
        return (number + by - 1) / by;
    }

    private Optional<String> scan(int at, int end) {
        int count = bytes[at + 4] & 0xff;
        var scan = new JpegScan(new JpegBits(bytes, at + 2 + u16(at + 2), end), progressive, bytes, at + 5 + 2 * count);
        boolean known = readable && count > 0;
        var parts = new Channel[count];
        for (int i = 0; i < count && known; i++) {
            int tables = bytes[at + 6 + 2 * i] & 0xff;
            int id = bytes[at + 5 + 2 * i];
            var found =
                    Arrays.stream(channels).filter(channel -> channel.id == id).findFirst();
            if (found.isEmpty()) {
                return Optional.empty();
            }
            parts[i] = found.get();
            parts[i].step = quantisers.getOrDefault(parts[i].quantiser, 1);
            known = scan.tables(i, dc[tables >> 4 & 3], ac[tables & 3]);
        }
        return known ? units(scan, parts) : Optional.empty();
    }

    private Optional<String> units(JpegScan scan, Channel[] parts) {
        boolean alone = parts.length == 1;
        int across = alone ? parts[0].width : unitsAcross;
        int total = across * (alone ? parts[0].height : unitsDown);
        for (int unit = 0; unit < total; unit++) {
            if (unit > 0 && restartInterval > 0 && unit % restartInterval == 0) {
                if (!scan.restart(unit / restartInterval - 1 & 7)) {
                    return told("a restart marker is missing", unit, total);
                }
                Arrays.stream(parts).forEach(part -> part.predicted = 0);
            }
            for (int i = 0; i < parts.length; i++) {
                int blocks = alone ? 1 : parts[i].across * parts[i].down;
                for (int block = 0; block < blocks; block++) {
                    if (!block(scan, i, parts[i], unit)) {
                        return told("codes that make no sense", unit, total);
                    }
                }
            }
            if (scan.bits.overrun()) {
                return told("coded data that end too early", unit, total);
            }
        }
        Arrays.stream(parts).forEach(part -> part.predicted = 0);
        return scan.bits.hasRest() ? Optional.of("more coded data than the picture has room for") : Optional.empty();
    }

    private boolean block(JpegScan scan, int index, Channel channel, int unit) {
        if (scan.first > 0) {
            return scan.refining()
                    ? scan.refineAc(index, channel.nonZero, unit)
                    : scan.firstAc(index, channel.nonZero, unit);
        }
        if (scan.refining()) {
            scan.bits.bit();
            return true;
        }
        int change = scan.dcChange(index);
        channel.predicted += change;
        long brightness = ((long) channel.predicted << scan.shift) * channel.step;
        return change != JpegScan.DAMAGE
                && Math.abs(brightness) <= BRIGHTEST
                && (progressive || scan.sequentialAc(index));
    }

    private static Optional<String> told(String what, int unit, int total) {
        return Optional.of(what + ", after " + 100L * unit / total + " % of it");
    }
}
