package dev.stowage.sim.hostile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Changes valid inputs of a decoder in drawn ways. Equal seeds are equal inputs. */
final class Mutator {
  private static final int LONGEST = 64 << 10;
  private static final long[] NUMBERS = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 31};
  private static final List<String> WORDS =
      List.of(
          "0",
          "-1",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "2147483648",
          "1e999",
          "NaN",
          "null",
          "{",
          "}",
          "[",
          "]",
          "\"",
          "'",
          ",",
          ":",
          "\n",
          "\r\n",
          "\t",
          " ",
          "\\",
          "\\u0000",
          "\\ud800",
          "\0",
          "\uFEFF",
          "\uD83D\uDE00",
          "İ",
          "#",
          "=",
          "&a",
          "*a",
          "- ",
          "|",
          "..");

  private final List<byte[]> samples;
  private final SplittableRandom random;

  Mutator(List<byte[]> samples, long seed) {
    this.samples = samples;
    this.random = new SplittableRandom(seed);
  }

  /** Returns the next input. */
  byte[] next() {
    byte[] bytes = sample().clone();
    do {
      bytes = changed(bytes);
    } while (random.nextBoolean());
    return bytes.length <= LONGEST ? bytes : Arrays.copyOf(bytes, LONGEST);
  }

  /** Reports whether the next input is to have right checksums: three of four. */
  boolean isSealing() {
    return random.nextInt(4) > 0;
  }

  private byte[] sample() {
    return samples.get(random.nextInt(samples.size()));
  }

  private byte[] changed(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    int to = at + random.nextInt(Math.min(64, bytes.length - at) + 1);
    return switch (random.nextInt(16)) {
      case 0, 1, 2 -> flipped(bytes, at);
      case 3, 4 -> with(bytes, at, new byte[] {(byte) random.nextInt(256)});
      case 5, 6 -> with(bytes, at, number());
      case 7 -> random.nextInt(4) == 0 ? Arrays.copyOf(bytes, at) : flipped(bytes, at);
      case 8 -> spliced(bytes, at, new byte[0], to);
      case 9 -> spliced(bytes, at, drawn(), at);
      case 10 -> spliced(bytes, at, word(), random.nextBoolean() ? at : endOfNumber(bytes, at));
      case 11 -> spliced(bytes, random.nextInt(bytes.length + 1), span(bytes, at, to), at);
      case 12 -> with(bytes, random.nextInt(bytes.length + 1), span(bytes, at, to));
      case 13 -> random.nextInt(8) == 0 ? grown(bytes, at, to) : flipped(bytes, at);
      case 14 -> spliced(bytes, at, tail(sample()), bytes.length);
      default -> spliced(bytes, at, someOf(sample()), at);
    };
  }

  private byte[] flipped(byte[] bytes, int at) {
    if (at < bytes.length) {
      bytes[at] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  /** Returns the bytes with others in the place of theirs from {@code at} on. */
  private static byte[] with(byte[] bytes, int at, byte[] others) {
    System.arraycopy(others, 0, bytes, at, Math.min(others.length, bytes.length - at));
    return bytes;
  }

  /** Returns the bytes before {@code at}, others, and the bytes from {@code to} on. */
  private static byte[] spliced(byte[] bytes, int at, byte[] others, int to) {
    int from = Math.max(at, Math.min(to, bytes.length));
    return ByteBuffer.allocate(at + others.length + bytes.length - from)
        .put(bytes, 0, at)
        .put(others)
        .put(bytes, from, bytes.length - from)
        .array();
  }

  private byte[] grown(byte[] bytes, int at, int to) {
    byte[] span = span(bytes, at, to);
    int times = span.length == 0 ? 0 : random.nextInt(LONGEST / 4 / span.length + 1);
    byte[] all = new byte[times * span.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = span[i % span.length];
    }
    return spliced(bytes, at, all, at);
  }

  private byte[] number() {
    int width = 1 << random.nextInt(4);
    long drawn = NUMBERS[random.nextInt(NUMBERS.length)];
    long value = drawn == Long.MAX_VALUE ? drawn >>> (Long.SIZE - 8 * width) : drawn;
    byte[] all = ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    return Arrays.copyOfRange(all, Long.BYTES - width, Long.BYTES);
  }

  private byte[] drawn() {
    byte[] drawn = new byte[1 + random.nextInt(8)];
    random.nextBytes(drawn);
    return drawn;
  }

  private byte[] word() {
    return WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8);
  }

  private static int endOfNumber(byte[] bytes, int at) {
    int end = at;
    while (end < bytes.length && bytes[end] >= '0' && bytes[end] <= '9') {
      end++;
    }
    return end;
  }

  private static byte[] span(byte[] bytes, int at, int to) {
    return Arrays.copyOfRange(bytes, at, to);
  }

  private byte[] tail(byte[] other) {
    return Arrays.copyOfRange(other, random.nextInt(other.length + 1), other.length);
  }

  private byte[] someOf(byte[] other) {
    byte[] tail = tail(other);
    return Arrays.copyOf(tail, random.nextInt(Math.min(64, tail.length) + 1));
  }
}
