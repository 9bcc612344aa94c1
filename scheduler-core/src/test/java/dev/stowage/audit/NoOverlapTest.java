package dev.stowage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.Violation;
import dev.stowage.answer.Violation.Invariant;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.ChunkKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** The sweep over chains of pending swaps finds what a comparison of all pairs finds. */
class NoOverlapTest {
  private static final String[] STATES = {"ADMITTED", "ADMITTED", "VISIBLE", "DROPPED"};

  // Six chunks have 15 pairs, fewer than an audit lists.
  private static Facts drawn(SplittableRandom random) {
    FleetDraft draft = new FleetDraft();
    boolean isOneRange = random.nextBoolean();
    int count = 2 + random.nextInt(5);
    List<String> names = new ArrayList<>();
    for (int at = 0; at < count; at++) {
      long first = isOneRange ? 0 : random.nextInt(6);
      long last = isOneRange ? 5 : first + random.nextInt(6);
      String state = at == 0 ? "VISIBLE" : STATES[random.nextInt(STATES.length)];
      String mark = random.nextInt(8) == 0 ? " marked" : "";
      draft.add("chunk c" + at + " " + first + "-" + last + " state=" + state + mark);
      names.add("c" + at);
    }
    boolean isChain = random.nextBoolean();
    for (int swap = 1; swap < count; swap++) {
      SwapState state = random.nextInt(8) == 0 ? SwapState.FIRED : SwapState.PENDING;
      if (isChain) {
        draft.swap(swap, state, List.of("c" + (swap - 1)), List.of("c" + swap));
      } else {
        draft.swap(swap, state, some(names, random), some(names, random));
      }
    }
    return draft.facts();
  }

  private static List<String> some(List<String> names, SplittableRandom random) {
    List<String> some = new ArrayList<>();
    for (int left = 1 + random.nextInt(2); left > 0; left--) {
      some.add(names.get(random.nextInt(names.size())));
    }
    return some;
  }

  private static Set<String> naive(Facts fleet) {
    Set<String> pairs = new HashSet<>();
    for (int one : fleet.chunks()) {
      for (int other = 0; other < one; other++) {
        boolean meet = fleet.rows.chunkRange(one).overlaps(fleet.rows.chunkRange(other));
        boolean bothVisible = fleet.isVisible(one) && fleet.isVisible(other);
        boolean bothLive = fleet.isLive(one) && fleet.isLive(other);
        boolean isRelated =
            leads(fleet, one, other, new HashSet<>()) || leads(fleet, other, one, new HashSet<>());
        if (meet && (bothVisible || (bothLive && !isRelated))) {
          pairs.add(fleet.rows.chunkKey(other).id() + " " + fleet.rows.chunkKey(one).id());
        }
      }
    }
    return pairs;
  }

  // The last pending swap of a chunk counts, as in the audit, if rows name several.
  private static boolean leads(Facts fleet, int from, int to, Set<Long> seen) {
    SwapRow replacing = null;
    for (SwapRow swap : fleet.swaps()) {
      boolean isOf = swap.isPending() && swap.oldChunks().contains(fleet.rows.chunkKey(from));
      replacing = isOf ? swap : replacing;
    }
    if (replacing == null || !seen.add(replacing.id())) {
      return false;
    }
    for (ChunkKey key : replacing.newChunks()) {
      int next = fleet.position(key);
      if (next == to || leads(fleet, next, to, seen)) {
        return true;
      }
    }
    return false;
  }

  private static Set<String> found(Facts fleet) {
    Findings findings = new Findings();
    new NoOverlap().check(fleet, findings);
    Set<String> pairs = new HashSet<>();
    for (Violation violation : findings.asList()) {
      String one = violation.subject().replace("d/", "");
      String other = violation.found().replaceAll(".*together with d/(\\S+), .*", "$1");
      boolean isInOrder = one.compareTo(other) < 0;
      pairs.add(isInOrder ? one + " " + other : other + " " + one);
    }
    return pairs;
  }

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void sweep_findsWhatAllPairsShow(@ForAll long seed) {
    new SplittableRandom(seed)
        .longs(50)
        .forEach(each -> {
          Facts fleet = drawn(new SplittableRandom(each));
          assertThat(found(fleet)).as("%d", each).isEqualTo(naive(fleet));
        });
  }

  @Test
  void drawnFleets_breakAndKeepTheInvariantOften() {
    int broken = 0;
    int inChain = 0;
    for (long seed = 0; seed < 2_000; seed++) {
      Facts fleet = drawn(new SplittableRandom(seed));
      boolean isBroken = !naive(fleet).isEmpty();
      broken += isBroken ? 1 : 0;
      inChain += !isBroken && fleet.swaps().size() > 1 ? 1 : 0;
    }
    assertThat(broken).isGreaterThan(400);
    assertThat(inChain).isGreaterThan(100);
  }

  private static long stepsOfChain(int links) {
    FleetDraft draft = new FleetDraft();
    draft.add("chunk c0 0-9");
    for (int link = 1; link <= links; link++) {
      draft.add("chunk c" + link + " 0-9 brandNew");
      draft.swap(link, SwapState.PENDING, List.of("c" + (link - 1)), List.of("c" + link));
    }
    return steps(draft);
  }

  // A split into many chunks, three corrections of each, and a compaction.
  private static long stepsOfStar(int width) {
    FleetDraft draft = new FleetDraft();
    draft.add("chunk c0 0-" + (width - 1) + "; chunk all 0-" + (width - 1) + " brandNew");
    List<String> side = List.of("c0");
    for (int depth = 0, swap = 0; depth < 4; depth++) {
      List<String> fresh = new ArrayList<>();
      for (int at = 0; at < width; at++) {
        fresh.add("s" + at + "-" + depth);
        draft.add("chunk s" + at + "-" + depth + " " + at + "-" + at + " brandNew");
        if (depth > 0) {
          draft.swap(++swap, SwapState.PENDING, List.of(side.get(at)), List.of(fresh.get(at)));
        }
      }
      if (depth == 0) {
        draft.swap(++swap, SwapState.PENDING, side, fresh);
      }
      side = fresh;
    }
    draft.swap(4L * width, SwapState.PENDING, side, List.of("all"));
    return steps(draft);
  }

  private static long steps(FleetDraft draft) {
    Findings findings = new Findings();
    NoOverlap.Sweep sweep = new NoOverlap.Sweep(draft.facts(), findings);
    sweep.run();
    assertThat(findings.asList()).isEmpty();
    return sweep.steps();
  }

  @Test
  void chainOfTwiceTheLinks_takesTwiceTheSteps() {
    assertThat(stepsOfChain(800)).isLessThan(2 * stepsOfChain(400) + 10);
  }

  @Test
  void starOfTwiceTheWidth_takesTwiceTheSteps() {
    assertThat(stepsOfStar(200)).isLessThan(2 * stepsOfStar(100) + 10);
  }

  /** Against all pairs; with more datasets than are numbered at hand. */
  @Test
  void overlaps_areFound_inWhateverOrderRowsCome() {
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      FleetDraft drawn = new FleetDraft();
      int count = 2 + random.nextInt(40);
      String[] dataset = new String[count];
      long[] first = new long[count];
      long[] last = new long[count];
      TreeSet<String> pairs = new TreeSet<>();
      for (int i = 0; i < count; i++) {
        dataset[i] = "d" + random.nextInt(1 + (int) seed % 12);
        first[i] = random.nextInt(80);
        last[i] = first[i] + random.nextInt(5);
        drawn.add("chunk c" + i + " " + first[i] + "-" + last[i] + " of=" + dataset[i]);
        for (int j = 0; j < i; j++) {
          if (dataset[i].equals(dataset[j]) && first[i] <= last[j] && first[j] <= last[i]) {
            pairs.add(pair(dataset[i] + "/c" + i, dataset[i] + "/c" + j));
          }
        }
      }
      assertOverlaps(Audit.check(drawn.facts()), pairs, "seed " + seed);
    }
  }

  /** Beyond a few they are only counted. */
  private static void assertOverlaps(List<Violation> violations, Set<String> pairs, String drawn) {
    Set<String> found = new TreeSet<>();
    int uncounted = pairs.size();
    for (Violation violation : violations) {
      assertThat(violation.invariant()).isEqualTo(Invariant.NO_OVERLAP);
      if (violation.subject().equals("fleet")) {
        assertThat(violation.found())
            .as(drawn)
            .isEqualTo(uncounted + " more violations are not listed");
        uncounted = 0;
      } else {
        String other = violation.found().split("together with |, ranges")[1];
        assertThat(found.add(pair(violation.subject(), other))).as(drawn).isTrue();
        uncounted--;
      }
    }
    assertThat(pairs).as(drawn).containsAll(found);
    assertThat(uncounted).as(drawn).isZero();
  }

  private static String pair(String one, String other) {
    return one.compareTo(other) < 0 ? one + " " + other : other + " " + one;
  }

  @Test
  void brokenEverywhere_isToldInAFewLines() {
    FleetDraft fleet = new FleetDraft();
    for (int i = 0; i < 50; i++) {
      fleet.add("chunk c" + i + " 0-9 state=ADMITTED");
    }
    List<Violation> found = Audit.check(fleet.facts());
    assertThat(found).hasSize(Findings.LISTED + 1);
    assertThat(found.get(Findings.LISTED).found()).isEqualTo("1205 more violations are not listed");
  }
}
