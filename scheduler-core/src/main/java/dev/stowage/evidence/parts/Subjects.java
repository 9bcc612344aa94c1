package dev.stowage.evidence.parts;

import dev.stowage.evidence.Subject;
import dev.stowage.shape.Field;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Sink;
import java.util.ArrayList;
import java.util.List;

/** Collects the subjects of a row, those of nested rows and of lists included. */
final class Subjects implements Sink {
  private final List<Subject> found = new ArrayList<>();

  List<Subject> found() {
    return found;
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
    add(of, value);
  }

  @Override
  public void constant(Field<?, ?> of, Enum<?> value) {
    add(of, value.name());
  }

  @Override
  public void begin(Shape<?> shape, int fields) {}

  @Override
  public void flag(Field<?, ?> of, boolean value) {}

  @Override
  public void bytes(Field<?, ?> of, byte[] value) {}

  @Override
  public void list(Field<?, ?> of, int count) {}

  @Override
  public void optional(Field<?, ?> of, boolean isPresent) {}
}
