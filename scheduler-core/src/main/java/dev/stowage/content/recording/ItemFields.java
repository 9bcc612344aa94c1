package dev.stowage.content.recording;

import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentItem.ContentId;
import dev.stowage.shape.RecordShapes;
import dev.stowage.shape.RecordShapes.Column;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The fields shared by records of items. */
public final class ItemFields {
  private ItemFields() {}

  public static <R> Column<R, Long> id(ToLongFunction<R> get) {
    return row -> row.number("item", get).printedBy(ContentId::print).subject("item")::of;
  }

  public static <R> Column<R, ContentItem> item(Function<R, ContentItem> get) {
    return RecordShapes.nested("item", get, ContentItem.SHAPE);
  }

  public static <R> Column<R, Long> at(ToLongFunction<R> get) {
    return RecordShapes.number("at_nanos", get);
  }
}
