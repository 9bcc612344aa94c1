package dev.stowage.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.Lineage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Parts of inventories among the reports that wait, against a naive account of what was said. */
class InventoryPartsTest {
  private static final int CHUNKS = 12;

  /** The report of one inventory: for each part, the chunks still believed to be there. */
  private static final class Told {
    final TreeMap<Integer, TreeSet<ChunkNumber>> parts = new TreeMap<>();
    final int of;

    Told(int of) {
      this.of = of;
    }

    TreeSet<ChunkNumber> all() {
      TreeSet<ChunkNumber> all = new TreeSet<>(ChunkNumbers.ORDER);
      parts.values().forEach(all::addAll);
      return all;
    }
  }

  @Property(seed = "1")
  void reports_thatWait_sayWhatWasSaid(@ForAll long seed) {
    Random random = new Random(seed);
    List<PendingReport> pending = List.of();
    Told open = null;
    Told complete = null;
    long number = 0;
    long sending = 0;
    for (int step = 0; step < 60; step++) {
      number++;
      List<ChunkNumber> chunks = some(random);
      int what = random.nextInt(10);
      if (what < 2 || (what < 7 && open == null)) {
        sending = number;
        open = new Told(1 + random.nextInt(3));
      }
      if (what < 7) {
        int place = 1;
        while (open.parts.containsKey(place)) {
          place++;
        }
        pending = PendingReports.with(pending, PendingReport.part(sending, place, open.of, chunks));
        open.parts.put(place, new TreeSet<>(ChunkNumbers.ORDER));
        open.parts.get(place).addAll(chunks);
        if (open.parts.size() == open.of) {
          complete = open;
          open = null;
        }
      } else if (what < 9) {
        PendingReport lost = new PendingReport(PendingReport.Kind.LOST, number, 0, chunks);
        pending = PendingReports.with(pending, lost);
        if (open != null) {
          open.parts.values().forEach(part -> part.removeAll(chunks));
        }
      } else {
        pending = InventoryParts.withoutOpen(pending);
        open = null;
      }
      assertThat(InventoryParts.isComplete(pending)).isEqualTo(complete != null);
      long parts = pending.stream().filter(PendingReport::isPart).count();
      int expected = (open == null ? 0 : open.parts.size()) + (complete == null ? 0 : complete.of);
      assertThat(parts).isEqualTo(expected);
      assertThat(pending).hasSizeLessThanOrEqualTo(2 * (expected + 1));
      if (complete != null) {
        long known = InventoryParts.complete(pending);
        assertThat(InventoryParts.all(pending, known)).isEqualTo(List.copyOf(complete.all()));
      }
    }
  }

  @Test
  void loss_behindPartsThatWait_isKeptAsFarAsTheyShowIt() {
    PendingReport part = PendingReport.part(4, 1, 2, List.of(number(1), number(3)));
    PendingReport all = lost(5, number(3), number(1));
    assertThat(InventoryParts.against(List.of(part), all)).contains(all);
    assertThat(InventoryParts.against(List.of(part), lost(5, number(2), number(3))))
        .contains(lost(5, number(3)));
    assertThat(InventoryParts.against(List.of(part), lost(5, number(2)))).isEmpty();
  }

  @Test
  void place_andNumberOfParts_comeBack() {
    PendingReport part = PendingReport.part(4, 7, 99, List.of());
    assertThat(part.place()).isEqualTo(7);
    assertThat(part.of()).isEqualTo(99);
    assertThat(part.isPartOf(4)).isTrue();
    assertThat(part.isPartOf(5)).isFalse();
    assertThat(lost(4).isPartOf(4)).isFalse();
  }

  private static PendingReport lost(long number, ChunkNumber... chunks) {
    return new PendingReport(PendingReport.Kind.LOST, number, 0, List.of(chunks));
  }

  private static List<ChunkNumber> some(Random random) {
    List<ChunkNumber> some = new ArrayList<>();
    for (int counter = 1; counter <= CHUNKS; counter++) {
      if (random.nextInt(3) == 0) {
        some.add(number(counter));
      }
    }
    return some;
  }

  private static ChunkNumber number(long counter) {
    return new ChunkNumber(Lineage.of(7), counter);
  }
}
