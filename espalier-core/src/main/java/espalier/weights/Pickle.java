package espalier.weights;

import espalier.report.PlainText;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reader of Python pickles that can build numbers, texts, lists, tuples, dictionaries and what its
 * {@link Builder} knows, and nothing else: it never looks up or runs code, and refuses by name whatever
 * else a pickle asks for.
 *
 * <p>Python's values become {@link #NONE}, {@link Boolean}, {@link Long} (or {@link BigInteger}),
 * {@link Double}, {@link String}, {@code byte[]}, {@link List} (tuples too) and {@link Map}. A pickle is a
 * program for a stack machine; the instructions are those of Python's {@code pickletools}, protocols 2 to 5.
 */
final class Pickle {
    /** Python's None. */
    static final Object NONE = new Object() {
        @Override
        public String toString() {
            return "None";
        }
    };

    private static final int MAX_TEXT = 1 << 20;
    private static final int MAX_BYTES = 1 << 24;
    private static final int MAX_STACK = 4_000_000;

    /** What a pickle may build beyond plain values. */
    interface Builder {
        /** Whether a function or class of this full name, such as {@code collections.OrderedDict}, is known. */
        boolean knows(String name);

        /** The result of calling a known {@code name} with {@code arguments}. */
        Object call(String name, List<?> arguments) throws PickleException;

        /** The object that the pickle refers to from outside of itself. */
        Object persistent(Object id) throws PickleException;
    }

    /** What is wrong with a pickle, without the file's name. */
    static final class PickleException extends Exception {
        PickleException(String message) {
            super(message);
        }
    }

    /** A function or class that a pickle names and the builder knows. */
    record Global(String name) {}

    private final PickleInput in;
    private final Builder builder;
    private final List<Object> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Integer, Object> memo = new HashMap<>();

    private Pickle(PickleInput in, Builder builder) {
        this.in = in;
        this.builder = builder;
    }

    /**
     * Reads one pickle from the cursor on, and leaves the cursor behind it.
     *
     * @throws PickleException when it is damaged or asks for anything that is not allowed
     */
    static Object read(PickleInput in, Builder builder) throws IOException, PickleException {
        return new Pickle(in, builder).run();
    }

    private Object run() throws IOException, PickleException {
        int code = in.uint8();
        if (code != 0x80) {
            throw new PickleException("it does not start as a pickle of protocol 2 or later");
        }
        int protocol = in.uint8();
        if (protocol < 2 || protocol > 5) {
            throw new PickleException("it is a pickle of the unknown protocol " + protocol);
        }
        for (code = in.uint8(); code != '.'; code = in.uint8()) {
            if (!(constant(code) || text(code) || container(code) || memory(code) || object(code))) {
                throw new PickleException(
                        "the instruction 0x%02x at byte %d is not allowed".formatted(code, in.position() - 1));
            }
            if (stack.size() > MAX_STACK) {
                throw new PickleException("it piles up more than " + MAX_STACK + " values");
            }
        }
        Object result = pop();
        if (!stack.isEmpty() || !marks.isEmpty()) {
            throw new PickleException("it leaves values behind that belong to nothing");
        }
        return result;
    }

    private boolean constant(int code) throws IOException, PickleException {
        switch (code) {
            case 'N' -> push(NONE);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'J' -> push((long) in.int32());
            case 'K' -> push((long) in.uint8());
            case 'M' -> push((long) in.uint16());
            case 0x8a -> push(integer(in.bytes(in.uint8(), 255)));
            case 0x8b -> push(integer(in.bytes(in.int32(), 255)));
            case 'G' -> push(in.float64());
            case ')' -> push(List.of());
            case ']' -> push(new ArrayList<>());
            case '}' -> push(new LinkedHashMap<>());
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Texts and bytes; the byte strings of Python 2 ('T', 'U') are names in old files, so they are texts. */
    private boolean text(int code) throws IOException, PickleException {
        switch (code) {
            case 'X' -> push(in.text(in.int32(), MAX_TEXT));
            case 0x8c -> push(in.text(in.uint8(), MAX_TEXT));
            case 0x8d -> push(in.text(in.int64(), MAX_TEXT));
            case 'T' -> push(in.text(in.int32(), MAX_TEXT));
            case 'U' -> push(in.text(in.uint8(), MAX_TEXT));
            case 'B' -> push(in.bytes(in.int32(), MAX_BYTES));
            case 'C' -> push(in.bytes(in.uint8(), MAX_BYTES));
            case 0x8e -> push(in.bytes(in.int64(), MAX_BYTES));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean container(int code) throws PickleException {
        switch (code) {
            case '(' -> marks.add(stack.size());
            case '1' -> popToMark();
            case '0' -> pop();
            case 't' -> push(Collections.unmodifiableList(popToMark()));
            case 0x85 -> push(tuple(1));
            case 0x86 -> push(tuple(2));
            case 0x87 -> push(tuple(3));
            case 'l' -> push(popToMark());
            case 'a' -> {
                Object item = pop();
                list(peek()).add(item);
            }
            case 'e' -> {
                List<Object> items = popToMark();
                list(peek()).addAll(items);
            }
            case 'd' -> push(fill(new LinkedHashMap<>(), popToMark()));
            case 's' -> {
                List<Object> pair = tuple(2);
                fill(map(peek()), pair);
            }
            case 'u' -> {
                List<Object> pairs = popToMark();
                fill(map(peek()), pairs);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean memory(int code) throws IOException, PickleException {
        switch (code) {
            case 'q' -> memo.put(in.uint8(), peek());
            case 'r' -> memo.put(in.int32(), peek());
            case 0x94 -> memo.put(memo.size(), peek());
            case 'h' -> push(remembered(in.uint8()));
            case 'j' -> push(remembered(in.int32()));
            case '2' -> push(peek());
            case 0x95 -> in.int64(); // the length of a frame: only a hint for reading ahead
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean object(int code) throws IOException, PickleException {
        switch (code) {
            case 'c' -> {
                String module = in.line(1000);
                push(global(module, in.line(1000)));
            }
            case 0x93 -> {
                List<Object> names = tuple(2);
                push(global(String.valueOf(names.get(0)), String.valueOf(names.get(1))));
            }
            case 'R', 0x81 -> {
                Object arguments = pop();
                Object callee = pop();
                if (!(callee instanceof Global global) || !(arguments instanceof List<?> list)) {
                    throw new PickleException("it calls something that is not a function");
                }
                push(builder.call(global.name(), list));
            }
            // The attributes of a dictionary (torch keeps version notes there) are not needed.
            case 'b' -> {
                pop();
                map(peek());
            }
            case 'Q' -> push(builder.persistent(pop()));
            case 'i' -> throw refused(in.line(1000) + "." + in.line(1000));
            default -> {
                return false;
            }
        }
        return true;
    }

    private Global global(String module, String name) throws PickleException {
        String full = module + "." + name;
        if (!builder.knows(full)) {
            throw refused(full);
        }
        return new Global(full);
    }

    private static PickleException refused(String name) {
        return new PickleException("it asks to run " + PlainText.quoted(name) + ", which is not allowed");
    }

    private static Object integer(byte[] littleEndian) {
        if (littleEndian.length == 0) {
            return 0L;
        }
        byte[] bigEndian = new byte[littleEndian.length];
        for (int i = 0; i < bigEndian.length; i++) {
            bigEndian[i] = littleEndian[bigEndian.length - 1 - i];
        }
        var value = new BigInteger(bigEndian);
        return value.bitLength() < 64 ? (Object) value.longValue() : value;
    }

    private void push(Object value) {
        stack.add(value);
    }

    private Object pop() throws PickleException {
        Object value = peek();
        stack.remove(stack.size() - 1);
        return value;
    }

    private Object peek() throws PickleException {
        int floor = marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
        if (stack.size() <= floor) {
            throw new PickleException("it takes a value where there is none");
        }
        return stack.get(stack.size() - 1);
    }

    private List<Object> popToMark() throws PickleException {
        if (marks.isEmpty()) {
            throw new PickleException("it closes a list that was not opened");
        }
        return popFrom(marks.remove(marks.size() - 1));
    }

    private List<Object> tuple(int count) throws PickleException {
        int floor = marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
        if (stack.size() - count < floor) {
            throw new PickleException("it takes a value where there is none");
        }
        return Collections.unmodifiableList(popFrom(stack.size() - count));
    }

    private List<Object> popFrom(int begin) {
        List<Object> top = stack.subList(begin, stack.size());
        List<Object> values = new ArrayList<>(top);
        top.clear();
        return values;
    }

    private Object remembered(int key) throws PickleException {
        @Nullable Object value = memo.get(key);
        if (value == null) {
            throw new PickleException("it recalls the value " + key + ", which it never stored");
        }
        return value;
    }

    private static Map<Object, Object> fill(Map<Object, Object> map, List<Object> pairs) throws PickleException {
        if (pairs.size() % 2 != 0) {
            throw new PickleException("a dictionary has a key without a value");
        }
        for (int i = 0; i < pairs.size(); i += 2) {
            Object key = pairs.get(i);
            // Containers as keys could hash themselves without end.
            if (!(key instanceof String || key instanceof Long || key instanceof Double || key instanceof Boolean)) {
                throw new PickleException("a dictionary has a key that is neither text nor number");
            }
            map.put(key, pairs.get(i + 1));
        }
        return map;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object value) throws PickleException {
        if (value instanceof ArrayList<?> list) {
            return (List<Object>) list;
        }
        throw new PickleException("it appends to something that is not a list");
    }

    @SuppressWarnings("unchecked")
    private static Map<Object, Object> map(Object value) throws PickleException {
        if (value instanceof LinkedHashMap<?, ?> map) {
            return (Map<Object, Object>) map;
        }
        throw new PickleException("it sets items of something that is not a dictionary");
    }
}
