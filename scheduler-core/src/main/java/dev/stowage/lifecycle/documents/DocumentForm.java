package dev.stowage.lifecycle.documents;

import dev.stowage.model.ChunkNumber;
import dev.stowage.shape.Field;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Kind;
import dev.stowage.shape.Sink;
import dev.stowage.shape.Source;
import java.lang.ref.SoftReference;
import java.util.function.Function;

/** The form of a document of type {@code T} in a row: its bytes in binary, an object in JSON. */
@SuppressWarnings("exports") // shapes are for our own clients
public final class DocumentForm<T> implements Form<T> {
  /** The form of a chunk number, as text. */
  public static final Form<ChunkNumber> NUMBER = Forms.text(ChunkNumber::of, ChunkNumber::toString);

  /** The form of a worker's document. */
  public static final DocumentForm<SliceDocument> SLICE =
      new DocumentForm<>(document -> document::fields, SliceDocument::read, false);

  /** The form of a portal's document. */
  public static final DocumentForm<RoutesDocument> ROUTES =
      new DocumentForm<>(
          document -> document.source()::fields,
          in -> RoutesSource.NOTHING.fields(in).get(),
          false);

  private final Function<T, Fields.Document> fields;
  private final Function<Fields, T> reader;
  private final boolean isRemembering;
  private volatile SoftReference<Written<T>> last = new SoftReference<>(null);

  private record Written<T>(T document, byte[] bytes) {}

  private DocumentForm(
      Function<T, Fields.Document> fields, Function<Fields, T> reader, boolean isRemembering) {
    this.fields = fields;
    this.reader = reader;
    this.isRemembering = isRemembering;
  }

  /**
   * Returns this form with a memory of the last document's bytes, for one that is sent to many. The
   * memory is given up before it runs out.
   */
  public DocumentForm<T> remembering() {
    return new DocumentForm<>(fields, reader, true);
  }

  @Override
  public Kind kind() {
    return Kind.BYTES;
  }

  @Override
  public void write(Field<?, ?> of, T value, Sink to) {
    if (to instanceof JsonWriter json) {
      json.key(of.name());
      fields.apply(value).name(json);
    } else {
      to.bytes(of, bytes(value));
    }
  }

  @SuppressWarnings("ReferenceEquality")
  private byte[] bytes(T value) {
    Written<T> known = last.get();
    if (known != null && known.document == value) {
      return known.bytes;
    }
    byte[] bytes = DocumentFormat.BINARY.toBytes(fields.apply(value));
    if (isRemembering) {
      last = new SoftReference<>(new Written<>(value, bytes));
    }
    return bytes;
  }

  @Override
  public T read(Field<?, ?> of, Source from) {
    if (from instanceof JsonReader json) {
      json.value(of.name());
      return reader.apply(json);
    }
    return reader.apply(new BinaryReader(from.bytes(of)));
  }

  @Override
  public long hash(T value) {
    return value.hashCode();
  }

  @Override
  public String print(T value) {
    return value.toString();
  }
}
