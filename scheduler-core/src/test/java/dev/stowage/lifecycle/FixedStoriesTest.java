package dev.stowage.lifecycle;

import dev.stowage.lifecycle.documents.DocumentFormatTest;
import dev.stowage.lifecycle.rows.CommandCodecTest;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A few of the stories that the properties of this package draw, one test each, the same at every
 * run: what mutation tests can afford. The properties themselves carry the tag {@code long-story}.
 */
class FixedStoriesTest {
  private record Kind(String name, int stories, LongConsumer told) {}

  @TestFactory
  Stream<DynamicTest> fixedStory_holds() {
    return kinds().stream()
        .flatMap(kind ->
            LongStream.rangeClosed(1, kind.stories)
                .mapToObj(seed ->
                    DynamicTest.dynamicTest(kind.name + " " + seed, () -> kind.told.accept(seed))));
  }

  private static List<Kind> kinds() {
    return List.of(
        new Kind("audited", 1, seed -> new AuditedStoryTest().everyStep_passesEveryAudit(seed)),
        new Kind(
            "codec", 1, seed -> new CommandCodecTest().everyCommandOfAStory_comesBackEqual(seed)),
        new Kind(
            "consumers",
            1,
            seed -> new ConsumersTest().consumers_thatApplyDeltas_holdTheFullDocument(seed)),
        new Kind(
            "deltas",
            1,
            seed ->
                new DeltaPropertiesTest()
                    .deltasFromAnyRetainedAssignment_leadToTheFullDocument(seed)),
        new Kind(
            "mirror",
            1,
            seed -> new MirrorPropertiesTest().followerAndReload_goOnLikeTheLeader(seed)),
        new Kind(
            "pending",
            1,
            seed ->
                new PendingReportsTest()
                    .reportsThatAreNotKept_makeNoDifferenceToTheCyclesThatConsumeThem(seed)),
        new Kind("few", 1, seed -> new PendingReportsTest().reports_whileNoCycleRuns_stayFew(seed)),
        new Kind(
            "feed",
            2,
            seed ->
                new PlanningFeedTest().planOfWhatWasFed_afterAnyStory_equalsAPlanFromScratch(seed)),
        new Kind(
            "document",
            30,
            seed -> new DocumentFormatTest().document_writtenAndRead_isTheSame(seed)),
        new Kind(
            "cut", 4, seed -> new DocumentFormatTest().document_cutOffOrWithMore_isRefused(seed)),
        new Kind(
            "broken",
            40,
            seed -> new DocumentFormatTest().brokenBytes_areRefused_orAreAnotherDocument(seed)));
  }
}
