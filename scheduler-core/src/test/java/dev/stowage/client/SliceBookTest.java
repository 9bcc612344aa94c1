package dev.stowage.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceDocument.SliceHeader;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The differences between a slice and a disk, against sets that are computed anew each time. */
class SliceBookTest {
  private static final int NUMBERS = 12;

  private final SliceBook book = new SliceBook();
  private final Map<ChunkNumber, SliceEntry> named = new TreeMap<>(ChunkNumbers.ORDER);
  private final Map<ChunkNumber, Long> held = new TreeMap<>(ChunkNumbers.ORDER);
  private List<ChunkNumber> keep = List.of();
  private long assignment;

  private static ChunkNumber number(long counter) {
    return new ChunkNumber(Lineage.of(7), counter);
  }

  private static SliceEntry entry(ChunkNumber number, long since) {
    return new SliceEntry(
        ChunkKey.of("d" + number.counter() % 2, "c" + number.counter()), number, 10, since);
  }

  private static SliceHeader header(long id, Optional<Long> from) {
    return new SliceHeader(
        Lineage.of(7),
        WorkerAssignmentId.of(id),
        from.map(WorkerAssignmentId::of),
        WorkerId.of("a"),
        Incarnation.of(1),
        0,
        0,
        false);
  }

  private void tell(SplittableRandom chance, boolean isFull) {
    List<ChunkNumber> removed = new ArrayList<>();
    List<SliceEntry> put = new ArrayList<>();
    if (isFull) {
      named.clear();
    }
    for (long counter = 1; counter <= NUMBERS; counter++) {
      ChunkNumber number = number(counter);
      int fate = chance.nextInt(4);
      if (fate == 0) {
        put.add(entry(number, chance.nextInt(3)));
      } else if (fate == 1 && named.containsKey(number)) {
        removed.add(number);
      }
    }
    keep = List.of(number(1 + chance.nextInt(NUMBERS)));
    long before = assignment++;
    book.tell(
        header(assignment, isFull ? Optional.empty() : Optional.of(before)), keep, removed, put);
    removed.forEach(named::remove);
    put.forEach(each -> named.put(each.number(), each));
  }

  private void change(SplittableRandom chance) {
    ChunkNumber number = number(1 + chance.nextInt(NUMBERS));
    switch (chance.nextInt(5)) {
      case 0 -> tell(chance, true);
      case 1 -> tell(chance, book.header() == null);
      case 2 -> assertThat(book.drop(number)).isEqualTo(held.remove(number) != null);
      case 3 -> {
        book.hold(number, chance.nextInt(100));
        held.put(number, 0L);
        book.hold(number, counterBytes(number));
        held.put(number, counterBytes(number));
      }
      default -> {
        if (chance.nextInt(8) == 0) {
          book.forget();
          named.clear();
          keep = List.of();
        }
      }
    }
  }

  private static long counterBytes(ChunkNumber number) {
    return number.counter() * 3;
  }

  private static long bytes(Collection<ChunkNumber> numbers) {
    return numbers.stream().mapToLong(SliceBookTest::counterBytes).sum();
  }

  private void compare() {
    named.forEach((number, entry) -> assertThat(book.named(number)).isEqualTo(entry));
    assertThat(book.held()).containsExactlyInAnyOrderElementsOf(held.keySet());
    assertThat(book.heldBytes()).isEqualTo(held.values().stream().mapToLong(it -> it).sum());
    List<SliceEntry> lacking =
        named.values().stream().filter(it -> !held.containsKey(it.number())).toList();
    assertThat(book.missing()).containsExactlyInAnyOrderElementsOf(lacking);
    assertThat(book.missing().stream().map(SliceEntry::since)).isSorted();
    List<ChunkNumber> unnamed =
        held.keySet().stream().filter(it -> !named.containsKey(it) && !keep.contains(it)).toList();
    assertThat(book.unnamed()).containsExactlyElementsOf(unnamed);
    Set<ChunkNumber> spared = new HashSet<>(keep);
    spared.addAll(named.keySet());
    assertThat(book.spared()).isEqualTo(spared);
    assertThat(book.deletion(unnamed))
        .isEqualTo(
            new SliceDocument.Deletion(
                held.size(), unnamed.size(), bytes(held.keySet()), bytes(unnamed)));
  }

  @Property(tries = 300)
  void differences_areThoseOfTheSets(@ForAll long seed) {
    SliceBookTest fresh = new SliceBookTest();
    SplittableRandom chance = new SplittableRandom(seed);
    for (int at = 0; at < 60; at++) {
      fresh.change(chance);
      fresh.compare();
    }
  }

  @Test
  void delta_thatDoesNotContinueTheSlice_isRefused_andChangesNothing() {
    SliceHeader delta = header(2, Optional.of(1L));
    List<SliceEntry> put = List.of(entry(number(1), 2));
    assertThatThrownBy(() -> book.tell(delta, List.of(), List.of(), put))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no slice is known");
    book.tell(header(5, Optional.empty()), List.of(), List.of(), List.of());
    assertThatThrownBy(() -> book.tell(delta, List.of(), List.of(), put))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not continue");
    assertThat(book.spared()).isEmpty();
    assertThat(book.missing()).isEmpty();
  }

  @Test
  void emptiedDisk_lacksAllThatTheSliceNames() {
    List<SliceEntry> all = LongStream.range(1, 4).mapToObj(it -> entry(number(it), 1)).toList();
    all.forEach(it -> book.hold(it.number(), it.sizeBytes()));
    book.hold(number(9), 1);
    book.tell(header(1, Optional.empty()), List.of(), List.of(), all);
    assertThat(book.missing()).isEmpty();
    book.dropAll();
    assertThat(book.missing()).hasSize(3);
    assertThat(book.unnamed()).isEmpty();
    assertThat(book.heldBytes()).isZero();
  }
}
