package dev.stowage.evidence;

import java.util.Optional;

/**
 * Keeps contents too large for a record, each once, by its address: SHA-256 of type, length and
 * bytes ({@link HashChain#contentAddress}). A record then holds the address.
 */
public interface ContentStore {
  /**
   * Keeps a content, unless it is there already.
   *
   * @param type what the content is
   * @return its address
   */
  Hash256 put(RecordType type, byte[] content);

  /**
   * The content with this address, as a new array; empty if it is not here.
   *
   * @param type what the content is; an address names a type as well
   * @throws EvidenceException.Broken if what is kept there is not what type and address say
   */
  Optional<byte[]> find(RecordType type, Hash256 address);
}
