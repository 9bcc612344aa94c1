package dev.stowage.store;

import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import java.util.Objects;
import java.util.Optional;

/**
 * A command of the log without effect, as no leader could read, record or apply it.
 *
 * @param mark its former place in the log
 * @param setAsideAt the largest tick of the fleet when it was set aside
 * @param kind the name of its kind of command, such as {@code Ingest}, if known
 * @param worker its worker, if any
 * @param digest the SHA-256 of its bytes in hexadecimal, also named in the evidence
 * @param bytes the number of its bytes
 * @param reason the cause
 */
public record QuarantinedNews(
    long mark,
    Tick setAsideAt,
    Optional<String> kind,
    Optional<WorkerId> worker,
    String digest,
    long bytes,
    String reason) {
  /** Throws {@link NullPointerException} if a component is null. */
  public QuarantinedNews {
    Objects.requireNonNull(setAsideAt, "setAsideAt");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(reason, "reason");
  }
}
