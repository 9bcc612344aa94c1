package dev.stowage.transfers;

import dev.stowage.shape.Shape;

/** The figures that decide on repair: micro-points, bytes, peers, and permille of 0 to 1,000. */
record RepairFactors(
    long savedMicros,
    long encodeMicros,
    long decodeMicros,
    long bytes,
    int memoryPermille,
    int contentionPermille,
    int lossPermille,
    int resumePermille,
    int stabilityPermille,
    int peers) {
  static final Shape<RepairFactors> SHAPE =
      Shape.of(
          "repair_factors",
          row -> {
            var saved = row.number("saved_micros", RepairFactors::savedMicros);
            var encode = row.number("encode_micros", RepairFactors::encodeMicros);
            var decode = row.number("decode_micros", RepairFactors::decodeMicros);
            var bytes = row.number("bytes", RepairFactors::bytes);
            var memory = row.number("memory_permille", RepairFactors::memoryPermille).narrow();
            var contention =
                row.number("contention_permille", RepairFactors::contentionPermille).narrow();
            var loss = row.number("loss_permille", RepairFactors::lossPermille).narrow();
            var resume = row.number("resume_permille", RepairFactors::resumePermille).narrow();
            var stability =
                row.number("stability_permille", RepairFactors::stabilityPermille).narrow();
            var peers = row.number("peers", RepairFactors::peers).narrow();
            return v ->
                new RepairFactors(
                    saved.of(v),
                    encode.of(v),
                    decode.of(v),
                    bytes.of(v),
                    memory.intOf(v),
                    contention.intOf(v),
                    loss.intOf(v),
                    resume.intOf(v),
                    stability.intOf(v),
                    peers.intOf(v));
          });

  /** Throws {@link IllegalArgumentException} if a component is out of range. */
  RepairFactors {
    atLeastZero(savedMicros, "savedMicros");
    atLeastZero(encodeMicros, "encodeMicros");
    atLeastZero(decodeMicros, "decodeMicros");
    atLeastZero(bytes, "bytes");
    atLeastZero(peers, "peers");
    permille(memoryPermille, "memoryPermille");
    permille(contentionPermille, "contentionPermille");
    permille(lossPermille, "lossPermille");
    permille(resumePermille, "resumePermille");
    permille(stabilityPermille, "stabilityPermille");
  }

  static final RepairFactors NONE = new RepairFactors(0, 0, 0, 0, 0, 0, 0, 0, 1_000, 0);

  RepairFactors withGain(long saved, long encode, long decode, long repairBytes) {
    return new RepairFactors(
        saved,
        encode,
        decode,
        repairBytes,
        memoryPermille,
        contentionPermille,
        lossPermille,
        resumePermille,
        stabilityPermille,
        peers);
  }

  RepairFactors withStrain(int memory, int contention) {
    return new RepairFactors(
        savedMicros,
        encodeMicros,
        decodeMicros,
        bytes,
        memory,
        contention,
        lossPermille,
        resumePermille,
        stabilityPermille,
        peers);
  }

  RepairFactors withPath(int loss, int resume, int stability, int holders) {
    return new RepairFactors(
        savedMicros,
        encodeMicros,
        decodeMicros,
        bytes,
        memoryPermille,
        contentionPermille,
        loss,
        resume,
        stability,
        holders);
  }

  private static void atLeastZero(long value, String name) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " is " + value + "; at least 0 is accepted");
    }
  }

  private static void permille(int value, String name) {
    if (value < 0 || value > 1_000) {
      throw new IllegalArgumentException(name + " is " + value + "; 0 to 1000 is accepted");
    }
  }
}
