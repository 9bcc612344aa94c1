package dev.stowage.evidence.parts;

import dev.stowage.evidence.Subject;
import dev.stowage.model.ChunkKey;
import dev.stowage.shape.Field;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Sink;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects the distinct subjects of a row, nested ones included: declared fields and chunks. */
final class Subjects implements Sink {
  private final Set<Subject> found = new LinkedHashSet<>();
  private String textBefore = "";
  private String text = "";

  List<Subject> found() {
    return List.copyOf(found);
  }

  private void add(Field<?, ?> of, String id) {
    if (!of.subjectKind().isEmpty()) {
      found.add(new Subject(of.subjectKind(), id));
    }
  }

  @Override
  public void number(Field<?, ?> of, long value) {
    add(of, Long.toUnsignedString(value));
  }

  @Override
  public void text(Field<?, ?> of, String value) {
    textBefore = text;
    text = value;
    add(of, value);
  }

  @Override
  public void constant(Field<?, ?> of, Enum<?> value) {
    add(of, value.name());
  }

  @Override
  public void begin(Shape<?> shape, int fields) {}

  @Override
  public void end(Shape<?> shape) {
    if (shape == Shape.of(ChunkKey.class)) {
      found.add(Subject.chunk(ChunkKey.of(textBefore, text)));
    }
  }

  @Override
  public void flag(Field<?, ?> of, boolean value) {}

  @Override
  public void bytes(Field<?, ?> of, byte[] value) {}

  @Override
  public void list(Field<?, ?> of, int count) {}

  @Override
  public void optional(Field<?, ?> of, boolean isPresent) {}
}
