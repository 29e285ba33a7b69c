// Reads texts as java.util.Properties does, and says what it read.
//
// In: the number of UTF-16 units of a text, and the units; again and again. Out, for each text: -1 where Java throws;
// else the number of entries, each key and value in the order in which Java puts them, then the number of keys, and
// each key with the value it has in the end. A key or a value is the number of its units, and the units. Numbers are
// big-endian, of 4 bytes; a unit has 2.

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

class Judge {
    /** Properties that remember what was put into them. */
    private static class Recording extends Properties {
        final List<Object> put = new ArrayList<>();

        @Override
        public synchronized Object put(Object key, Object value) {
            put.add(key);
            put.add(value);
            return super.put(key, value);
        }
    }

    public static void main(String[] arguments) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, 1 << 16));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out, 1 << 16));
        while (true) {
            if (in.available() == 0) {
                out.flush();
            }
            int first = in.read();
            if (first < 0) {
                break;
            }
            int length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
            answer(text(in, length), out);
        }
        out.flush();
    }

    private static String text(DataInputStream in, int length) throws IOException {
        byte[] bytes = new byte[length * 2];
        in.readFully(bytes);
        char[] units = new char[length];
        for (int i = 0; i < length; i++) {
            units[i] = (char) ((bytes[2 * i] & 255) << 8 | bytes[2 * i + 1] & 255);
        }
        return new String(units);
    }

    private static void answer(String text, DataOutputStream out) throws IOException {
        Recording properties = new Recording();
        try {
            properties.load(new StringReader(text));
        } catch (IllegalArgumentException refused) {
            out.writeInt(-1);
            return;
        }
        out.writeInt(properties.put.size() / 2);
        for (Object piece : properties.put) {
            write((String) piece, out);
        }
        out.writeInt(properties.size());
        for (Map.Entry<Object, Object> entry : properties.entrySet()) {
            write((String) entry.getKey(), out);
            write((String) entry.getValue(), out);
        }
    }

    private static void write(String text, DataOutputStream out) throws IOException {
        out.writeInt(text.length());
        out.writeChars(text);
    }
}
