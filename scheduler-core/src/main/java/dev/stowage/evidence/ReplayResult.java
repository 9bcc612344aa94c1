package dev.stowage.evidence;

import java.util.Objects;

/** What came of running a recording again. */
public sealed interface ReplayResult {
  /**
   * The engine did the same again, to the last bit.
   *
   * @param head the head that recording and replay share
   * @param inputs records fed
   * @param outcomes records reproduced
   */
  record Same(ChainPoint head, long inputs, long outcomes) implements ReplayResult {
    /** Refuses null. */
    public Same {
      Objects.requireNonNull(head, "head");
    }
  }

  /**
   * The engine did something else.
   *
   * @param difference the first record that differs, in both forms
   */
  record Differs(RecordDifference difference) implements ReplayResult {
    /** Refuses null. */
    public Differs {
      Objects.requireNonNull(difference, "difference");
    }
  }

  /**
   * Requires that the engine did the same.
   *
   * @throws EvidenceException.NotExact naming the first record that differs, its bytes undecoded
   */
  default Same requireSame() {
    if (this instanceof Same same) {
      return same;
    }
    Differs differs = (Differs) this;
    throw new EvidenceException.NotExact(differs.difference().describe(RecordCatalog.empty()));
  }
}
