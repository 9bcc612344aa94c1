package dev.stowage.evidence;

import dev.stowage.evidence.EvidenceRecord.RecordType;
import dev.stowage.evidence.canonical.HashChain;
import java.util.Optional;
import java.util.TreeMap;

/** Keeps contents too large for a record, each once, by {@link HashChain#contentAddress}. */
public interface ContentStore {
  /** Keeps a content unless it is there already; returns its address. */
  Hash256 put(RecordType type, byte[] content);

  /** Returns a new array, or empty; throws {@link EvidenceException.Broken} for other contents. */
  Optional<byte[]> find(RecordType type, Hash256 address);

  /** Keeps contents in memory, up to a bound on their bytes. Thread-safe. */
  public static final class MemoryContentStore implements ContentStore {
    private final long maxBytes;
    private final TreeMap<Hash256, byte[]> contents = new TreeMap<>();
    private long bytes;

    /** Creates a store of at most {@code maxBytes} bytes, at least 1. */
    public MemoryContentStore(long maxBytes) {
      if (maxBytes < 1) {
        throw new IllegalArgumentException("maxBytes is " + maxBytes + "; at least 1 is accepted");
      }
      this.maxBytes = maxBytes;
    }

    /** Keeps a content; throws {@link IllegalStateException} if a new one has no room. */
    @Override
    public synchronized Hash256 put(RecordType type, byte[] content) {
      Hash256 address = HashChain.contentAddress(type.wire(), content);
      if (!contents.containsKey(address)) {
        if (content.length > maxBytes - bytes) {
          throw new IllegalStateException(
              "the store holds "
                  + bytes
                  + " of at most "
                  + maxBytes
                  + " bytes; a content of "
                  + content.length
                  + " does not fit");
        }
        contents.put(address, content.clone());
        bytes += content.length;
      }
      return address;
    }

    @Override
    public synchronized Optional<byte[]> find(RecordType type, Hash256 address) {
      byte[] content = contents.get(address);
      if (content == null) {
        return Optional.empty();
      }
      if (!HashChain.contentAddress(type.wire(), content).equals(address)) {
        throw new EvidenceException.Broken(0, address + " is no content of type " + type.name());
      }
      return Optional.of(content.clone());
    }

    /** Returns the number of contents. */
    public synchronized int count() {
      return contents.size();
    }

    /** Returns the bytes of the contents. */
    public synchronized long bytes() {
      return bytes;
    }
  }
}
