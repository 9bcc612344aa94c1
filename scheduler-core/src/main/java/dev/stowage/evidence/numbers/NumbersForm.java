package dev.stowage.evidence.numbers;

import dev.stowage.columns.Mix;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.canonical.CanonicalReader;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.shape.Field;
import dev.stowage.shape.Form;
import dev.stowage.shape.Kind;
import dev.stowage.shape.Sink;
import dev.stowage.shape.Source;
import java.util.List;

/** The forms of a list of chunk numbers as bytes with packed runs. An empty list has no bytes. */
public enum NumbersForm implements Form<List<ChunkNumber>> {
  /** A list in any order, which is kept. */
  ANY,
  /** A list of ascending, distinct numbers, packed whatever its size. */
  ASCENDING;

  private static final byte[] NONE = {};

  @Override
  public Kind kind() {
    return Kind.BYTES;
  }

  @Override
  public void write(Field<?, ?> of, List<ChunkNumber> numbers, Sink to) {
    to.bytes(of, toBytes(numbers));
  }

  @Override
  public List<ChunkNumber> read(Field<?, ?> of, Source from) {
    return fromBytes(from.bytes(of));
  }

  /** Returns the bytes of a list. */
  public byte[] toBytes(List<ChunkNumber> numbers) {
    if (numbers.isEmpty()) {
      return NONE;
    }
    CanonicalWriter out = new CanonicalWriter();
    if (this == ANY) {
      NumberCodec.write(out, numbers);
    } else {
      NumberCodec.writePacked(out, ChunkNumbers.of(numbers));
    }
    return out.toBytes();
  }

  /** Returns the list of these bytes; throws {@code EvidenceException.Malformed} for others. */
  public List<ChunkNumber> fromBytes(byte[] bytes) {
    if (bytes.length == 0) {
      return List.of();
    }
    CanonicalReader in = CanonicalReader.of(bytes);
    List<ChunkNumber> numbers = in.value(this == ANY ? NumberCodec::read : NumberCodec::readPacked);
    in.end();
    if (numbers.isEmpty()) {
      throw new EvidenceException.Malformed(
          0, bytes.length + " bytes for an empty list; it has none");
    }
    return numbers;
  }

  @Override
  public long hash(List<ChunkNumber> numbers) {
    long hash = 0;
    for (ChunkNumber number : numbers) {
      hash = Mix.fold(Mix.fold(hash, number.lineage().token()), number.counter());
    }
    return hash;
  }

  @Override
  public String print(List<ChunkNumber> numbers) {
    return numbers.size() + " numbers";
  }
}
