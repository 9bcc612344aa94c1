package dev.stowage.lifecycle.documents;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Reads one form of documents and names the byte of an error. Not thread-safe. */
abstract class DocumentReader extends Fields {
  final byte[] bytes;
  int at;

  int field;

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

  final <T> void add(T row, int from, Consumer<T> check, List<T> all) {
    field = from;
    made(
        true,
        () -> {
          check.accept(row);
          return all.add(row);
        });
  }

  final void expectVersion(long version, int from) {
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
