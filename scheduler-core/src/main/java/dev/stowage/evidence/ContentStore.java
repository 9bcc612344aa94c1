package dev.stowage.evidence;

import dev.stowage.evidence.EvidenceRecord.RecordType;
import java.util.Optional;

/** Keeps contents too large for a record, each once, by {@link HashChain#contentAddress}. */
public interface ContentStore {
  /** Keeps a content unless it is there already; returns its address. */
  Hash256 put(RecordType type, byte[] content);

  /** Returns a new array, or empty; throws {@link EvidenceException.Broken} for other contents. */
  Optional<byte[]> find(RecordType type, Hash256 address);
}
