package dev.stowage.shape;

import java.util.Collection;
import java.util.Optional;

/** The form of a row of a shape. */
record RowForm<V>(Shape<V> rows) implements Form<V> {
  @Override
  public Optional<Shape<V>> shape() {
    return Optional.of(rows);
  }

  @Override
  public Kind kind() {
    return Kind.ROW;
  }

  @Override
  public void write(Field<?, ?> of, V value, Sink to) {
    to.row(of);
    rows.write(value, to);
  }

  @Override
  public V read(Field<?, ?> of, Source from) {
    from.row(of);
    return rows.read(from);
  }

  @Override
  public long hash(V value) {
    return rows.digest(value);
  }

  @Override
  public String print(V value) {
    return "(" + rows.text(value) + ")";
  }

  @Override
  public void violations(String name, V value, Collection<String> into) {
    into.addAll(rows.violations(value));
  }

  @Override
  public void oversized(V value, Collection<String> into) {
    into.addAll(rows.oversized(value));
  }
}
