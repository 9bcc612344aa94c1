package dev.stowage.deterministic;

/**
 * Field layout of {@link SpscQueue}: what the producer writes and what the consumer writes lie at
 * least 128 bytes apart, so that neither side's stores evict the line the other one works on. A
 * virtual machine keeps a superclass' fields in front of its subclasses', hence the chain.
 */
final class SpscFields {
  private SpscFields() {}

  /** Space before the producer's fields. */
  abstract static class FrontPad {
    long a00, a01, a02, a03, a04, a05, a06, a07;
    long a08, a09, a10, a11, a12, a13, a14, a15;
  }

  /** Written by the producer only. */
  abstract static class ProducerSide extends FrontPad {
    long producerIndex;
    long consumerIndexSeen;
  }

  /** Space between the two sides. */
  abstract static class MiddlePad extends ProducerSide {
    long b00, b01, b02, b03, b04, b05, b06, b07;
    long b08, b09, b10, b11, b12, b13, b14, b15;
  }

  /** Written by the consumer only. */
  abstract static class ConsumerSide extends MiddlePad {
    long consumerIndex;
    long producerIndexSeen;
  }

  /** Space behind the consumer's fields. */
  abstract static class Padded extends ConsumerSide {
    long c00, c01, c02, c03, c04, c05, c06, c07;
    long c08, c09, c10, c11, c12, c13, c14, c15;
  }
}
