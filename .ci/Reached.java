import java.lang.classfile.*;
import java.lang.classfile.instruction.*;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.*;
import java.util.*;
import java.util.stream.Stream;
/**
 * Counts the executable lines of the wings that a walk over compiled classes reaches: calls, lambdas, overrides in created classes.
 * Roots: public methods of face, clients, stores, planner, evidence, what hosts create, and of all directories but the first. The
 * default stops at OPTIONS, what a host names to turn a wing on. A method counts whole. JDK 24 or newer: java .ci/Reached.java scheduler-core/target/classes [others]
 */
class Reached {
  static final String WINGS = "(content|transfers|pressure|propagation|rebalance|deterministic|evidence/parts|metrics)";
  static final String ROOTS = "((answer|command|config|model|client|store|lifecycle|placement|evidence(?!/parts))(/\\w+)*/)?[A-Z].*"
      + "|metrics/StowageMeters|pressure/MachineSampler";
  static final String OPTIONS = "(Transfers|Rebalancing|Deliveries|Propagation|StowageFleets|ListedFleet|FleetLeases|client/(Transfer|News|Fleets)|metrics/|replay/"
      + "|pressure/MachineSampler).*";
  static final int MOST_TYPES = 90;
  final Map<String, ClassModel> classes = new TreeMap<>();
  final Set<String> created = new TreeSet<>(), called = new HashSet<>(), reached = new HashSet<>();
  final Deque<MethodModel> todo = new ArrayDeque<>();
  final boolean isAll;
  Reached(boolean isAll, String[] directories) throws Exception {
    this.isAll = isAll;
    for (int i = 0; i < directories.length; i++)
      for (Path file : Files.walk(Path.of(directories[i])).filter(it -> it.toString().endsWith(".class")).toList()) {
        ClassModel type = ClassFile.of().parse(file);
        classes.putIfAbsent(name(type), type);
        if (i > 0 || name(type).matches("dev/stowage/(" + ROOTS + ")")) created.add(name(type));
      }
    for (String type : created)
      for (MethodModel m : classes.get(type).methods()) if (m.flags().has(AccessFlag.PUBLIC)) call(type, id(m));
    for (int before = -1; before != (before = reached.size() + created.size() + called.size()); ) {
      while (!todo.isEmpty()) todo.poll().code().orElseThrow().forEach(this::follow);
      created.stream().filter(classes::containsKey).forEach(this::override);
    }
  }
  static String name(ClassModel type) { return type.thisClass().asInternalName(); }
  List<MethodModel> methods(String type) { return classes.containsKey(type) ? classes.get(type).methods() : List.of(); }
  static String id(MethodModel m) { return m.methodName().stringValue() + m.methodType().stringValue(); }
  Set<String> parents(String type, Set<String> into) {
    if (!into.add(type) || !classes.containsKey(type)) return into;
    Stream.concat(classes.get(type).superclass().stream(), classes.get(type).interfaces().stream()).forEach(up -> parents(up.asInternalName(), into));
    return into;
  }
  void reach(String type, String id) {
    for (String up : parents(type, new LinkedHashSet<>()))
      for (MethodModel m : methods(up))
        if (id(m).equals(id) && m.code().isPresent()) {
          if ((isAll || !up.matches("dev/stowage/" + OPTIONS)) && reached.add(up + '.' + id)) todo.add(m);
          return;
        }
  }
  void call(String type, String id) {
    if (called.add(type + '.' + id)) List.of(id, "<clinit>()V").forEach(each -> reach(type, each));
  }
  void follow(CodeElement element) {
    if (element instanceof NewObjectInstruction made) created.add(made.className().asInternalName());
    if (element instanceof FieldInstruction used) call(used.owner().asInternalName(), "<clinit>()V");
    if (element instanceof InvokeInstruction to) call(to.owner().asInternalName(), to.name().stringValue() + to.type().stringValue());
    if (element instanceof InvokeDynamicInstruction made)
      for (Object argument : made.bootstrapArgs())
        if (argument instanceof DirectMethodHandleDesc to) {
          String owner = to.owner().descriptorString().replaceAll("^L|;$", ""), id = to.methodName() + to.lookupDescriptor();
          if (id.startsWith("<init>")) created.add(owner);
          call(owner, id.replaceAll("(<init>.*\\)).*", "$1V"));
        }
  }
  void override(String type) {
    Set<String> up = parents(type, new LinkedHashSet<>());
    boolean isForeign = up.stream().anyMatch(it -> !classes.containsKey(it) && !it.matches("java/lang/(Object|Record|Enum)"));
    for (String each : up)
      for (MethodModel m : methods(each)) {
        boolean isUnasked = id(m).matches("(equals|hashCode|toString|compareTo)\\(.*") || isForeign && m.flags().has(AccessFlag.PUBLIC);
        if (isUnasked || up.stream().anyMatch(it -> called.contains(it + '.' + id(m)))) reach(type, id(m));
      }
  }
  Map<String, Map<String, Set<String>>> lines(Set<String> of) {
    Map<String, Map<String, Set<String>>> lines = new TreeMap<>();
    for (ClassModel type : classes.values())
      for (MethodModel m : name(type).matches("dev/stowage/" + WINGS + "/.*") ? type.methods() : List.<MethodModel>of())
        m.code().filter(code -> of.isEmpty() || of.contains(name(type) + '.' + id(m))).ifPresent(code -> code.forEach(it -> {
          String wing = name(type).replaceAll("dev/stowage/" + WINGS + "/.*", "$1"), method = name(type) + '.' + m.methodName().stringValue();
          if (it instanceof LineNumber at) lines.computeIfAbsent(wing, k -> new TreeMap<>()).computeIfAbsent(method, k -> new TreeSet<>())
              .add(name(type).replaceAll("\\$.*", ":") + at.line());
        }));
    return lines;
  }
  static Set<String> all(Map<String, Set<String>> lines) { return lines.values().stream().collect(TreeSet::new, Set::addAll, Set::addAll); }
  public static void main(String[] directories) throws Exception {
    Reached byDefault = new Reached(false, directories), byAll = new Reached(true, directories);
    Map<String, Map<String, Set<String>>> few = byDefault.lines(byDefault.reached), most = byAll.lines(byAll.reached);
    Map<String, List<String>> dead = new TreeMap<>();
    byAll.lines(Set.of()).forEach((wing, methods) -> {
      Set<String> known = all(most.getOrDefault(wing, Map.of()));
      System.out.printf("%s: %d lines, %d by default, %d by all options%n", wing, all(methods).size(), all(few.getOrDefault(wing, Map.of())).size(), known.size());
      methods.forEach((method, lines) -> {
        String[] name = method.split("\\.");
        lines.removeAll(known);
        if (!lines.isEmpty()) dead.computeIfAbsent(name[0], type -> new ArrayList<>()).add(name[1] + " " + lines.size());
      });
    });
    dead.entrySet().stream().limit(MOST_TYPES).forEach(it -> System.out.println("nothing reaches " + it.getKey() + ": " + String.join(", ", it.getValue())));
    if (dead.size() > MOST_TYPES) System.out.println("and more in " + (dead.size() - MOST_TYPES) + " types");
  }
}
