package dev.stowage.propagation.outbox;

import dev.stowage.columns.Growth;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The waiting deliveries of a target in order; an array, because mostly there is one. */
final class WaitingLine {
  private @Nullable Waiting[] line = new Waiting[1];
  private int size;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  Waiting at(int place) {
    Waiting waiting = line[place];
    if (waiting == null) {
      throw new IllegalStateException("nothing waits at " + place + " of " + size);
    }
    return waiting;
  }

  void add(Waiting waiting) {
    int place = placeOf(waiting);
    if (size == line.length) {
      line = Arrays.copyOf(line, Growth.capacity(size * 2L, size + 1L));
    }
    System.arraycopy(line, place, line, place + 1, size - place);
    line[place] = waiting;
    size++;
  }

  boolean remove(Waiting waiting) {
    int place = placeOf(waiting);
    if (place == size || line[place] != waiting) {
      return false;
    }
    size--;
    System.arraycopy(line, place + 1, line, place, size - place);
    line[size] = null;
    return true;
  }

  int placeOf(Waiting waiting) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (at(middle).compareTo(waiting) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
