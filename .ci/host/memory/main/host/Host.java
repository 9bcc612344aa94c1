package host;

// insert: java 1 of README.md imports

/** The example of the README. */
public final class Host {
  private Host() {}

  /** Ends with an exception if nobody is found to read from. */
  public static void main(String[] none) {
    // insert: java 1 of README.md statements
    if (route.workers().size() < 2) {
      throw new AssertionError("routed to " + route.workers());
    }
    System.out.println("routed to " + route.workers());
  }
}
