package dev.stowage.sim.hostile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A decoder of bytes from outside, and its contract.
 *
 * @param name the name in reports and failures
 * @param isText whether it reads text, whose inputs are a tenth as many
 * @param samples valid inputs
 * @param seal makes the checksums of an input right, as far as it has any
 * @param opening makes a door, which may have a state
 * @param refusals the documented exceptions; none of a door that answers
 * @param baseBytes the bytes that reading may allocate whatever the input is
 * @param bytesPerByte the bytes that reading may allocate for each byte of the input
 */
record Decoder(
    String name,
    boolean isText,
    List<byte[]> samples,
    UnaryOperator<byte[]> seal,
    Opening opening,
    List<Class<? extends Exception>> refusals,
    long baseBytes,
    long bytesPerByte) {
  private static final long USUAL_BASE = 128 << 10;
  private static final long USUAL_MULTIPLE = 128;

  /** Reads an input. */
  @FunctionalInterface
  interface Door {
    /** Returns false if it answers with a refusal; throws a documented exception to refuse. */
    boolean takes(byte[] bytes) throws Exception;
  }

  /** Makes a door that may use an empty folder. */
  @FunctionalInterface
  interface Opening {
    Door open(Path folder) throws Exception;
  }

  /** Reads an input or throws. */
  @FunctionalInterface
  interface Reading {
    void read(byte[] bytes) throws Exception;
  }

  static Decoder binary(String name, List<byte[]> samples, Reading reading) {
    return of(name, false, samples, folder -> taking(reading));
  }

  static Decoder of(String name, boolean isText, List<byte[]> samples, Opening opening) {
    return new Decoder(
        name,
        isText,
        List.copyOf(samples),
        bytes -> bytes,
        opening,
        List.of(),
        USUAL_BASE,
        USUAL_MULTIPLE);
  }

  private static Door taking(Reading reading) {
    return bytes -> {
      reading.read(bytes);
      return true;
    };
  }

  /** Returns the decoder with one more documented exception. */
  Decoder refusingBy(Class<? extends Exception> documented) {
    List<Class<? extends Exception>> all = new ArrayList<>(refusals);
    all.add(documented);
    return new Decoder(
        name, isText, samples, seal, opening, List.copyOf(all), baseBytes, bytesPerByte);
  }

  Decoder sealedBy(UnaryOperator<byte[]> sealing) {
    return new Decoder(name, isText, samples, sealing, opening, refusals, baseBytes, bytesPerByte);
  }

  Decoder allocating(long base, long perByte) {
    return new Decoder(name, isText, samples, seal, opening, refusals, base, perByte);
  }

  boolean isDocumented(Throwable thrown) {
    return refusals.stream().anyMatch(each -> each.isInstance(thrown));
  }

  @Override
  public String toString() {
    return name;
  }
}
