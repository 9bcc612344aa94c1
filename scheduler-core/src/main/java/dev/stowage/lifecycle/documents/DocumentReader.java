package dev.stowage.lifecycle.documents;

import dev.stowage.model.WorkerId;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Reads one form of documents and names the byte of an error. Not thread-safe. */
abstract class DocumentReader extends Fields {
  final byte[] bytes;
  int at;

  int field;

  private final Map<WorkerId, String> zones = new HashMap<>();

  private final Set<WorkerId> routed = new HashSet<>();

  private int zonesAt;

  DocumentReader(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  final <T> T made(T given, Supplier<T> read) {
    try {
      return read.get();
    } catch (IllegalArgumentException refused) {
      throw malformed(field, String.valueOf(refused.getMessage()));
    }
  }

  @Override
  final void zones(List<RoutesSource.Zoned> zoned) {
    zoned.forEach(it -> zones.put(it.worker(), it.zone()));
    zonesAt = field;
  }

  @Override
  final List<String> zonesOf(List<WorkerId> workers, List<String> given) {
    if (zones.isEmpty()) {
      return List.of();
    }
    List<String> found = new ArrayList<>(workers.size());
    for (WorkerId worker : workers) {
      String zone = zones.get(worker);
      if (zone != null) {
        routed.add(worker);
      }
      found.add(zone == null ? "" : zone);
    }
    return found;
  }

  final void expectZonesUsed() {
    if (routed.size() < zones.size()) {
      throw malformed(zonesAt, "a zone is told of a worker that no route names");
    }
  }

  final <T> void add(T row, int from, Consumer<T> check, List<T> all) {
    field = from;
    made(
        true,
        () -> {
          check.accept(row);
          return all.add(row);
        });
  }

  static void expectVersion(long version, int from) {
    if (version != DocumentFormat.VERSION) {
      throw new DocumentException.Unsupported(
          from, "the format has version " + version + "; " + DocumentFormat.VERSION + " is read");
    }
  }

  final String utf8(int from, int to) {
    try {
      ByteBuffer text = ByteBuffer.wrap(bytes, from, to - from);
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException notUtf8) {
      throw malformed(from, "a text is not UTF-8");
    }
  }

  final void expectEnd(int from) {
    if (from != bytes.length) {
      throw malformed(from, (bytes.length - from) + " bytes are left over");
    }
  }

  static DocumentException malformed(int offset, String message) {
    return new DocumentException.Malformed(offset, message);
  }
}
