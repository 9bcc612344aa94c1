package dev.stowage.house;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The classes that a class file names, wherever it does: in code, casts included, in the types of
 * its members and of what it calls, in generic signatures and in annotations.
 */
final class ConstantPool {
  private static final int MAGIC = 0xCAFEBABE;

  /** A class within a descriptor or a signature. */
  private static final Pattern WITHIN = Pattern.compile("L([\\w$]+(?:/[\\w$]+)+)[;<]");

  private final SortedMap<Integer, String> texts = new TreeMap<>();
  private final NavigableSet<Integer> names = new TreeSet<>();

  private ConstantPool() {}

  /** Binary names, with dots. */
  static NavigableSet<String> classesNamedIn(InputStream classFile) throws IOException {
    ConstantPool pool = new ConstantPool();
    pool.read(new DataInputStream(new BufferedInputStream(classFile)));
    NavigableSet<String> classes = new TreeSet<>();
    for (int index : pool.names) {
      String name = pool.texts.get(index);
      if (!name.startsWith("[")) {
        classes.add(name.replace('/', '.'));
      }
    }
    for (String text : pool.texts.values()) {
      Matcher matcher = WITHIN.matcher(text);
      while (matcher.find()) {
        classes.add(matcher.group(1).replace('/', '.'));
      }
    }
    return classes;
  }

  private void read(DataInputStream from) throws IOException {
    if (from.readInt() != MAGIC) {
      throw new IOException("no class file");
    }
    from.skipNBytes(4); // its version
    int count = from.readUnsignedShort();
    for (int index = 1; index < count; index++) {
      int tag = from.readUnsignedByte();
      switch (tag) {
        case 1 -> texts.put(index, from.readUTF());
        case 7 -> names.add(from.readUnsignedShort());
        case 8, 16, 19, 20 -> from.skipNBytes(2);
        case 15 -> from.skipNBytes(3);
        case 3, 4, 9, 10, 11, 12, 17, 18 -> from.skipNBytes(4);
        case 5, 6 -> {
          from.skipNBytes(8);
          index++; // a long or a double takes two places
        }
        default -> throw new IOException("no constant has the tag " + tag);
      }
    }
  }
}
