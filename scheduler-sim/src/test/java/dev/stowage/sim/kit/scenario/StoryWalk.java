package dev.stowage.sim.kit.scenario;

/**
 * Tells many drawn stories to the engine and to the reference model, and prints the first one,
 * shrunk, in which they went apart. Arguments: the first seed, how many, steps of each.
 */
final class StoryWalk {
  private StoryWalk() {}

  /** Ends with status 1 if a difference was found. */
  public static void main(String[] arguments) {
    long first = Long.parseLong(arguments[0]);
    long stories = Long.parseLong(arguments[1]);
    int steps = Integer.parseInt(arguments[2]);
    int apart = 0;
    for (long seed = first; seed < first + stories; seed++) {
      ToldStory story = ToldStory.drawn(seed, steps);
      if (!story.found().isEmpty()) {
        apart++;
        System.out.println("# seed " + seed + "\n" + story.shrunk() + "\n");
      }
      if (apart == 8) {
        break;
      }
    }
    System.out.println(stories + " stories, " + apart + " went apart");
  }
}
