package dev.stowage.store;

import dev.stowage.evidence.Hash256;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import java.util.Objects;
import java.util.Optional;

/**
 * A piece of news that no leader could read, record or apply, and that was set aside. It counts
 * nowhere and is never taken in later; whoever wants it repeats it.
 *
 * @param mark its mark, while it was news
 * @param acceptedAt the tick at which a store accepted it
 * @param setAsideAt the largest tick of the fleet when it was set aside
 * @param kind what kind of command it is, where that can be told
 * @param worker the worker that it is about, if it is about one
 * @param digest of its bytes, which the evidence names too
 * @param bytes how many they are
 * @param reason what stood against it
 */
public record QuarantinedNews(
    long mark,
    Tick acceptedAt,
    Tick setAsideAt,
    Optional<CommandKind<?, ?>> kind,
    Optional<WorkerId> worker,
    Hash256 digest,
    long bytes,
    String reason) {
  /** Refuses nulls. */
  public QuarantinedNews {
    Objects.requireNonNull(acceptedAt, "acceptedAt");
    Objects.requireNonNull(setAsideAt, "setAsideAt");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(reason, "reason");
  }
}
