package espalier.text;

/** Numbers by 64-bit hashes, open addressing; the hash 0 stands for none. */
final class HashTable {
    private static final int LEAST = 1 << 10;

    /** Sees the entries of a table. */
    interface Visitor {
        void entry(long hash, int value);
    }

    private long[] hashes;
    private int[] values;
    private int size;

    HashTable(int expected) {
        int capacity = Math.max(LEAST, Integer.highestOneBit(Math.max(1, expected)) * 4);
        hashes = new long[capacity];
        values = new int[capacity];
    }

    int size() {
        return size;
    }

    /** The value of a hash, or {@code absent}. */
    int get(long hash, int absent) {
        int place = place(hash);
        return hashes[place] == hash ? values[place] : absent;
    }

    void put(long hash, int value) {
        int place = free(hash);
        values[place] = value;
    }

    void increment(long hash) {
        int place = free(hash);
        if (values[place] < Integer.MAX_VALUE) {
            values[place]++;
        }
    }

    void forEach(Visitor visitor) {
        for (int i = 0; i < hashes.length; i++) {
            if (hashes[i] != 0) {
                visitor.entry(hashes[i], values[i]);
            }
        }
    }

    /** Forgets the entries with values up to {@code most}. */
    void removeUpTo(int most) {
        long[] oldHashes = hashes;
        int[] oldValues = values;
        hashes = new long[oldHashes.length];
        values = new int[oldHashes.length];
        size = 0;
        for (int i = 0; i < oldHashes.length; i++) {
            if (oldHashes[i] != 0 && oldValues[i] > most) {
                put(oldHashes[i], oldValues[i]);
            }
        }
    }

    /** The place of a hash, its own from now on. */
    private int free(long hash) {
        int place = place(hash);
        if (hashes[place] == 0) {
            if (2 * (size + 1) > hashes.length) {
                grow();
                place = place(hash);
            }
            hashes[place] = hash;
            size++;
        }
        return place;
    }

    private int place(long hash) {
        int place = (int) hash & (hashes.length - 1);
        while (hashes[place] != 0 && hashes[place] != hash) {
            place = (place + 1) & (hashes.length - 1);
        }
        return place;
    }

    private void grow() {
        long[] oldHashes = hashes;
        int[] oldValues = values;
        hashes = new long[2 * oldHashes.length];
        values = new int[hashes.length];
        for (int i = 0; i < oldHashes.length; i++) {
            if (oldHashes[i] != 0) {
                int place = place(oldHashes[i]);
                hashes[place] = oldHashes[i];
                values[place] = oldValues[i];
            }
        }
    }
}
