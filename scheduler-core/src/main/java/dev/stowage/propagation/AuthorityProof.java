package dev.stowage.propagation;

import dev.stowage.evidence.CanonicalWriter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A node's signed claim to speak for a state at a time. Signed is the canonical message of the
 * string {@code stowage-authority-proof}, the claimer (u64), the state (u64) and the time (u64).
 * Immutable and thread-safe.
 */
public final class AuthorityProof {
  private static final String PURPOSE = "stowage-authority-proof";

  private final NodeId claimer;
  private final StateId state;
  private final long timestampNanos;
  private final byte[] signature;

  private AuthorityProof(NodeId claimer, StateId state, long timestampNanos, byte[] signature) {
    this.claimer = Objects.requireNonNull(claimer, "claimer");
    this.state = Objects.requireNonNull(state, "state");
    this.timestampNanos = timestampNanos;
    this.signature = signature;
  }

  /**
   * A proof as it came from somewhere.
   *
   * @param claimer who claims authority
   * @param state over what
   * @param timestampNanos when, by the common clock; each proof of a claimer for a state needs a
   *     later one
   * @param signature of {@link #message}; copied
   */
  public static AuthorityProof of(
      NodeId claimer, StateId state, long timestampNanos, byte[] signature) {
    return new AuthorityProof(claimer, state, timestampNanos, signature.clone());
  }

  /** A proof that {@code signer} signs. */
  public static AuthorityProof sign(
      NodeId claimer, StateId state, long timestampNanos, ProofSigner signer) {
    byte[] signature = signer.sign(message(claimer, state, timestampNanos));
    return of(claimer, state, timestampNanos, signature);
  }

  /** Who claims authority. */
  public NodeId claimer() {
    return claimer;
  }

  /** Over what. */
  public StateId state() {
    return state;
  }

  /** When. */
  public long timestampNanos() {
    return timestampNanos;
  }

  /** The signature as a new array. */
  public byte[] signature() {
    return signature.clone();
  }

  /** What is signed. */
  public byte[] message() {
    return message(claimer, state, timestampNanos);
  }

  private static byte[] message(NodeId claimer, StateId state, long timestampNanos) {
    return new CanonicalWriter()
        .string(PURPOSE)
        .u64(claimer.value())
        .u64(state.value())
        .u64(timestampNanos)
        .toBytes();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AuthorityProof that
        && claimer.equals(that.claimer)
        && state.equals(that.state)
        && timestampNanos == that.timestampNanos
        && Arrays.equals(signature, that.signature);
  }

  @Override
  public int hashCode() {
    return Objects.hash(claimer, state, timestampNanos, Arrays.hashCode(signature));
  }

  @Override
  public String toString() {
    return claimer
        + " for "
        + state
        + " at "
        + timestampNanos
        + " signed "
        + HexFormat.of().formatHex(signature);
  }
}
