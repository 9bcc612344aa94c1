package dev.stowage.sim.filestore;

import dev.stowage.store.StorageException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The records of a folder, in files {@code journal-N}, of which the one with the largest number
 * counts. Not thread-safe.
 *
 * <table>
 * <caption>A file; numbers are big-endian</caption>
 * <tr><th>bytes</th><th>what</th></tr>
 * <tr><td>8</td><td>{@code STOWAGE} and the format, {@value #FORMAT}</td></tr>
 * <tr><td>of each record, 4</td><td>the length of its payload</td></tr>
 * <tr><td>4</td><td>CRC-32C of the payload</td></tr>
 * <tr><td>4</td><td>CRC-32C of these eight bytes</td></tr>
 * <tr><td>length</td><td>the payload</td></tr>
 * </table>
 *
 * <p>A record that the end of the file cuts off, or behind which there are only zeros, was torn
 * while it was written: nobody was told that it is durable, and it is cut off. Whatever else cannot
 * be read was durable once. A length with a checksum of its own tells one from the other: no
 * flipped bit makes a record look torn.
 */
final class Journal implements AutoCloseable {
  static final int FORMAT = 1;
  static final int HEADER = 8;
  static final int FRAME = 12;

  private static final byte[] MAGIC = "STOWAGE".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern NAME = Pattern.compile("journal-\\d{10}");
  private static final Pattern UNFINISHED = Pattern.compile("journal-\\d{10}\\.new");

  /** What a record that was appended survives. */
  enum Durability {
    /** The end of the process, however it ends: the system has the bytes. */
    PROCESS,
    /** The end of the machine as well: the device has them. */
    DEVICE
  }

  private final Path folder;
  private final Durability durability;
  private long number;
  private RandomAccessFile file;
  private long size;

  private Journal(Path folder, Durability durability, long number, RandomAccessFile file) {
    this.folder = folder;
    this.durability = durability;
    this.number = number;
    this.file = file;
  }

  /**
   * Opens the journal of a folder, or begins it, and hands out its records.
   *
   * @throws StorageException.Corrupt if the folder is not a journal's, or a record cannot be read
   */
  static Journal open(Path folder, Durability durability, Consumer<byte[]> replay)
      throws IOException {
    long newest = newest(folder);
    if (newest == 0) {
      newest = 1;
      write(folder, newest, List.of());
    }
    Path path = path(folder, newest);
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    Journal journal = new Journal(folder, durability, newest, file);
    try {
      journal.scan(path, replay);
      return journal;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** The largest number; files that a rewriting left behind are swept. */
  private static long newest(Path folder) throws IOException {
    List<Path> journals = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path each : files.sorted().toList()) {
        String name = String.valueOf(each.getFileName());
        if (NAME.matcher(name).matches()) {
          journals.add(each);
        } else if (UNFINISHED.matcher(name).matches()) {
          Files.delete(each);
        } else if (!name.equals(FileChunkStore.LOCK)) {
          throw new StorageException.Corrupt(
              each + " is no file of a fleet; name a folder that holds nothing else", null);
        }
      }
    }
    for (Path former : journals.subList(0, Math.max(0, journals.size() - 1))) {
      Files.delete(former);
    }
    return journals.isEmpty() ? 0 : numberOf(journals.get(journals.size() - 1));
  }

  private static long numberOf(Path journal) {
    String name = String.valueOf(journal.getFileName());
    return Long.parseLong(name.substring(name.indexOf('-') + 1));
  }

  private static Path path(Path folder, long number) {
    return folder.resolve(String.format(Locale.ROOT, "journal-%010d", number));
  }

  /** Writes a whole file; it is there under its name when everything in it is durable. */
  private static void write(Path folder, long number, List<byte[]> records) throws IOException {
    Path target = path(folder, number);
    Path unfinished = target.resolveSibling(target.getFileName() + ".new");
    try (RandomAccessFile file = new RandomAccessFile(unfinished.toFile(), "rw")) {
      file.setLength(0);
      file.write(MAGIC);
      file.write(FORMAT);
      for (byte[] record : records) {
        file.write(framed(record));
      }
      file.getFD().sync();
    }
    Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
      entries.force(true); // the new name is an entry of the folder
    }
  }

  private void scan(Path path, Consumer<byte[]> replay) throws IOException {
    byte[] all = Files.readAllBytes(path);
    requireHeader(path, all);
    int at = HEADER;
    while (!isTorn(path, all, at)) {
      ByteBuffer frame = ByteBuffer.wrap(all, at, FRAME);
      int length = frame.getInt();
      if (frame.getInt() != crc(all, at + FRAME, length)) {
        throw damaged(path, at, "a record of " + length + " bytes with another checksum");
      }
      try {
        replay.accept(Arrays.copyOfRange(all, at + FRAME, at + FRAME + length));
      } catch (RuntimeException unreadable) {
        throw damaged(path, at, "a record that cannot be read, " + unreadable);
      }
      at += FRAME + length;
    }
    size = at;
    file.setLength(size);
  }

  private static void requireHeader(Path path, byte[] all) {
    if (all.length < HEADER || !Arrays.equals(MAGIC, 0, MAGIC.length, all, 0, MAGIC.length)) {
      throw damaged(path, 0, "something else than a journal");
    }
    if (all[MAGIC.length] != FORMAT) {
      throw new StorageException.Corrupt(
          path + " is of format " + all[MAGIC.length] + ", this library reads " + FORMAT, null);
    }
  }

  /** Whether nothing follows, or only what was torn while it was written. */
  private static boolean isTorn(Path path, byte[] all, int at) {
    if (all.length - at < FRAME || isZero(all, at)) {
      return true;
    }
    ByteBuffer frame = ByteBuffer.wrap(all, at, FRAME);
    int length = frame.getInt();
    if (frame.getInt(at + FRAME - Integer.BYTES) != crc(all, at, 2 * Integer.BYTES)) {
      throw damaged(path, at, "the frame of a record with another checksum");
    }
    return length > all.length - at - FRAME;
  }

  private static boolean isZero(byte[] all, int from) {
    for (int i = from; i < all.length; i++) {
      if (all[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static StorageException.Corrupt damaged(Path path, long offset, String found) {
    return new StorageException.Corrupt(
        path + " has at byte " + offset + " " + found + "; restore a backup", null);
  }

  private static byte[] framed(byte[] payload) {
    byte[] bytes = new byte[FRAME + payload.length];
    ByteBuffer.wrap(bytes).putInt(payload.length).putInt(crc(payload, 0, payload.length));
    ByteBuffer.wrap(bytes).putInt(2 * Integer.BYTES, crc(bytes, 0, 2 * Integer.BYTES));
    System.arraycopy(payload, 0, bytes, FRAME, payload.length);
    return bytes;
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  /** Appends a record; it is durable when this returns, and may or may not be if it throws. */
  void append(byte[] payload) throws IOException {
    byte[] bytes = framed(payload);
    file.seek(size);
    file.write(bytes);
    if (durability == Durability.DEVICE) {
      file.getFD().sync();
    }
    size += bytes.length;
  }

  /** Goes on in a new file that begins with this record; the old one goes. */
  void rewrite(byte[] first) throws IOException {
    write(folder, number + 1, List.of(first));
    file.close();
    Files.delete(path(folder, number));
    number++;
    file = new RandomAccessFile(path(folder, number).toFile(), "rw");
    size = file.length();
  }

  /** Bytes written so far. */
  long size() {
    return size;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
