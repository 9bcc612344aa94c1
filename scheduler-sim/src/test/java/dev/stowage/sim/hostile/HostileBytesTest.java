package dev.stowage.sim.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Feeds drawn inputs to every decoder of {@link Decoders}: each is read, or refused in the
 * documented way, in bounded memory. Ten times {@code stowage.hostile} inputs for a binary decoder,
 * as many for a reader of text (docs/internals/contributing.md has the command of the long form).
 */
class HostileBytesTest {
  private static final int BATCH = 500;

  /** The inputs of which some are read and some refused. */
  private static final int ENOUGH = 200;

  /** The longest time of a batch: a sign of an endless loop, not a measure. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final int TRIES =
      Integer.getInteger("stowage.hostile", Integer.getInteger("jqwik.tries.default", 30) * 2 / 3);

  /** A number to which no array is to be made. */
  private static final int LARGE = 1 << 24;

  @TempDir Path folder = Path.of("unset");

  private byte[] current = {};
  private long read;
  private long refused;
  private long mostBytes;
  private double mostPerByte;

  static List<Decoder> decoders() {
    return Decoders.all();
  }

  private static Decoder decoder(String name) {
    return decoders().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void hostileInput_isReadOrRefused_inBoundedMemory(Decoder decoder) throws Exception {
    int inputs = decoder.isText() ? TRIES : 10 * TRIES;
    for (int batch = 0; batch * BATCH < inputs; batch++) {
      int seed = batch;
      int count = Math.min(BATCH, inputs - batch * BATCH);
      Decoder.Door door = opened(decoder);
      assertTimeoutPreemptively(
          PATIENCE, () -> feed(decoder, door, seed, count), () -> told(decoder, seed));
    }
    System.out.println(
        String.format(
            Locale.ROOT,
            "%s: %d inputs, %d read, %d refused; at most %d bytes allocated, %.0f a byte of input",
            decoder,
            inputs,
            read,
            refused,
            mostBytes,
            mostPerByte));
    if (inputs >= ENOUGH) {
      assertThat(read).as("inputs that are read").isPositive();
      assertThat(refused).as("inputs that are refused").isPositive();
    }
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void sample_isRead(Decoder decoder) throws Exception {
    Decoder.Door door = opened(decoder);
    for (byte[] sample : decoder.samples()) {
      assertThat(door.takes(sample.clone())).isTrue();
      assertThat(decoder.seal().apply(sample.clone())).isEqualTo(sample);
    }
  }

  /** Inputs on which a reader once spent the square of their length: a place that is repeated. */
  static List<Arguments> longInputs() {
    return List.of(
        arguments("scenarios", "worker a", " ", "x"),
        arguments("scenarios", "worker a zone={", " x", ""),
        arguments("plan.yaml of a plan", "pins:\n  - \"a", "@", "\""),
        arguments("plan.yaml of a plan", "pins:\n  - \"", "/", "@b\""));
  }

  @ParameterizedTest
  @MethodSource("longInputs")
  void longInput_isRefused_withoutAnEndlessSearch(
      String name, String before, String repeated, String after) throws Exception {
    Decoder decoder = decoder(name);
    String text = before + repeated.repeat((1 << 20) / repeated.length()) + after;
    byte[] input = text.getBytes(StandardCharsets.UTF_8);
    Decoder.Door door = opened(decoder);
    boolean isRead =
        assertTimeoutPreemptively(PATIENCE, () -> takes(decoder, door, input, 0), () -> name);
    assertThat(isRead).isFalse();
  }

  /** A position of a worker was once allocated up to, whatever it was. */
  @Test
  void savedStore_withALargeNumberAnywhere_isReadOrRefused_inBoundedMemory() throws Exception {
    Decoder decoder = decoder("saved memory stores");
    Decoder.Door door = opened(decoder);
    byte[] sample = decoder.samples().get(0);
    for (int at = 0; at + Integer.BYTES <= sample.length; at++) {
      byte[] forged = sample.clone();
      ByteBuffer.wrap(forged).putInt(at, LARGE);
      current = decoder.seal().apply(forged);
      judge(decoder, door, at);
    }
    assertThat(refused).isPositive();
  }

  private Decoder.Door opened(Decoder decoder) throws Exception {
    return decoder.opening().open(Files.createTempDirectory(folder, "door"));
  }

  private void feed(Decoder decoder, Decoder.Door door, long seed, int count) {
    Mutator mutator = new Mutator(decoder.samples(), seed);
    for (int i = 0; i < count; i++) {
      byte[] drawn = mutator.next();
      current = mutator.isSealing() ? decoder.seal().apply(drawn) : drawn;
      judge(decoder, door, seed);
    }
  }

  private void judge(Decoder decoder, Decoder.Door door, long seed) {
    byte[] input = current;
    long allowed = decoder.baseBytes() + decoder.bytesPerByte() * input.length;
    long allocated = Long.MAX_VALUE;
    boolean isRead = false;
    // A first time loads classes; the least of a few counts.
    for (int times = 0; times < 3 && allocated > allowed; times++) {
      long before = allocatedBytes();
      isRead = takes(decoder, door, input.clone(), seed);
      allocated = Math.min(allocated, allocatedBytes() - before - input.length);
    }
    assertThat(allocated).as(() -> told(decoder, seed)).isLessThanOrEqualTo(allowed);
    read += isRead ? 1 : 0;
    refused += isRead ? 0 : 1;
    mostBytes = Math.max(mostBytes, allocated);
    double above = (double) (allocated - decoder.baseBytes());
    mostPerByte = Math.max(mostPerByte, above / Math.max(1, input.length));
  }

  private boolean takes(Decoder decoder, Decoder.Door door, byte[] input, long seed) {
    @Nullable Throwable thrown = null;
    try {
      return door.takes(input);
    } catch (Exception | StackOverflowError | OutOfMemoryError | AssertionError any) {
      thrown = any;
    }
    if (!decoder.isDocumented(thrown)) {
      throw new AssertionError(told(decoder, seed), thrown);
    }
    return false;
  }

  private String told(Decoder decoder, long seed) {
    return decoder + ", batch " + seed + ", input " + Base64.getEncoder().encodeToString(current);
  }

  private static long allocatedBytes() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return threads instanceof com.sun.management.ThreadMXBean counting
        ? counting.getThreadAllocatedBytes(Thread.currentThread().getId())
        : 0;
  }
}
