package dev.stowage.house;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/** Walks one source and notes what breaks a rule of the style guide, and the waivers it holds. */
final class StyleScanner extends TreePathScanner<@Nullable Void, @Nullable Void> {
  static final String METHOD_LENGTH = "method-length";
  static final String FILE_LENGTH = "file-length";
  static final String PARAMETERS = "parameters";
  static final String BOOLEAN_PARAMETER = "boolean-parameter";
  static final String JAVADOC = "javadoc";
  static final String TYPE_NAME = "type-name";
  static final String ACCESSOR_NAME = "accessor-name";
  static final String STATIC_STATE = "static-state";
  static final String UNFINISHED = "unfinished";

  static final int MAX_METHOD_LINES = 60;
  static final int MAX_FILE_LINES = 500;
  static final int MAX_PARAMETERS = 5;

  /** Names that say nothing, and words that the glossary replaces. */
  private static final Pattern BAD_TYPE_NAME =
      Pattern.compile(
          ".*(Manager|Utils?|Utility|Utilities|Helpers?|Handler|Impl)"
              + "|.*(Gateway|Orphan|Eviction|Debounce|SoftDelete)([A-Z].*)?");

  private static final Pattern UNFINISHED_MARK = Pattern.compile("\\b(TODO|FIXME|XXX|HACK)\\b");

  private final SourceFile source;
  private final boolean isBehindWall;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Waiver> waivers = new ArrayList<>();

  private StyleScanner(SourceFile source, boolean isBehindWall) {
    this.source = source;
    this.isBehindWall = isBehindWall;
  }

  /**
   * Notes what breaks a rule.
   *
   * @param isBehindWall whether the module does not export the package: then its types say what
   *     they are, and the rest of what is public there is public for neighbours only, and judged
   *     like what is package-private
   */
  static StyleScanner scan(SourceFile source, boolean isBehindWall) {
    StyleScanner scanner = new StyleScanner(source, isBehindWall);
    scanner.scan(source.unit(), null);
    return scanner;
  }

  List<Finding> findings() {
    return findings;
  }

  List<Waiver> waivers() {
    return waivers;
  }

  @Override
  public @Nullable Void visitCompilationUnit(CompilationUnitTree unit, @Nullable Void none) {
    int lines = source.codeLines();
    if (lines > MAX_FILE_LINES) {
      Tree type = unit.getTypeDecls().isEmpty() ? unit : unit.getTypeDecls().get(0);
      add(FILE_LENGTH, type, lines + " lines of code, at most " + MAX_FILE_LINES);
    }
    if (UNFINISHED_MARK.matcher(source.text()).find()) {
      add(UNFINISHED, unit, "holds a mark for unfinished work");
    }
    return super.visitCompilationUnit(unit, null);
  }

  @Override
  public @Nullable Void visitClass(ClassTree type, @Nullable Void none) {
    noteWaivers(type.getModifiers(), type);
    if (BAD_TYPE_NAME.matcher(type.getSimpleName()).matches()) {
      add(TYPE_NAME, type, "'" + type.getSimpleName() + "' does not say what it is");
    }
    if (isVisible(getCurrentPath()) && (!isBehindWall || isTopLevel())) {
      demandJavadoc(type, "type " + type.getSimpleName());
      if (type.getKind() == Tree.Kind.RECORD && !isBehindWall) {
        demandComponentDocs(type);
      }
    }
    return super.visitClass(type, null);
  }

  @Override
  public @Nullable Void visitMethod(MethodTree method, @Nullable Void none) {
    noteWaivers(method.getModifiers(), method);
    demandLength(method, "method " + method.getName());
    boolean canonical = isCanonicalConstructor(method);
    if (method.getParameters().size() > MAX_PARAMETERS && !canonical) {
      add(
          PARAMETERS,
          method,
          method.getParameters().size()
              + " parameters of "
              + method.getName()
              + ", at most "
              + MAX_PARAMETERS);
    }
    if (isOpen() && !isOverride(method)) {
      demandJavadoc(method, "method " + method.getName());
      demandNoFlag(method, canonical);
      demandAccessorName(method);
    }
    return super.visitMethod(method, null);
  }

  @Override
  public @Nullable Void visitBlock(BlockTree block, @Nullable Void none) {
    if (parent() instanceof ClassTree) {
      demandLength(block, "initializer");
    }
    return super.visitBlock(block, null);
  }

  @Override
  public @Nullable Void visitVariable(VariableTree field, @Nullable Void none) {
    if (parent() instanceof ClassTree type) {
      Set<Modifier> flags = field.getModifiers().getFlags();
      boolean constant = isInterface(type) || flags.contains(Modifier.FINAL);
      if (flags.contains(Modifier.STATIC) && !constant) {
        add(STATIC_STATE, type, "static field " + field.getName() + " can change");
      }
      if (isOpen()) {
        demandJavadoc(field, "field " + field.getName());
      }
    }
    return super.visitVariable(field, null);
  }

  private void demandLength(Tree tree, String what) {
    long lines = source.lastLine(tree) - source.firstLine(tree) + 1;
    if (lines > MAX_METHOD_LINES) {
      add(METHOD_LENGTH, tree, lines + " lines of " + what + ", at most " + MAX_METHOD_LINES);
    }
  }

  private void demandJavadoc(Tree tree, String what) {
    String doc = source.javadoc(getCurrentPath());
    if (doc == null || doc.isBlank()) {
      add(JAVADOC, tree, what + " is public and has no javadoc");
    }
  }

  private void demandComponentDocs(ClassTree type) {
    String doc = source.javadoc(getCurrentPath());
    for (VariableTree component : components(type)) {
      Pattern tag = Pattern.compile("@param\\s+" + component.getName() + "\\s+\\S");
      if (doc != null && !tag.matcher(doc).find()) {
        add(JAVADOC, type, "component " + component.getName() + " has no @param");
      }
    }
  }

  private void demandNoFlag(MethodTree method, boolean canonical) {
    for (VariableTree parameter : method.getParameters()) {
      String type = String.valueOf(parameter.getType());
      if (!canonical && (type.equals("boolean") || type.equals("Boolean"))) {
        add(
            BOOLEAN_PARAMETER,
            method,
            method.getName() + " takes the flag " + parameter.getName() + "; name two methods");
      }
    }
  }

  private void demandAccessorName(MethodTree method) {
    String name = method.getName().toString();
    int parameters = method.getParameters().size();
    boolean getter = parameters == 0 && name.matches("get[A-Z].*");
    boolean setter = parameters == 1 && name.matches("set[A-Z].*");
    if (getter || setter) {
      add(ACCESSOR_NAME, method, name + ": accessors carry the noun alone, and nothing is set");
    }
  }

  private void noteWaivers(ModifiersTree modifiers, Tree declaration) {
    for (AnnotationTree annotation : modifiers.getAnnotations()) {
      if (annotation.getAnnotationType().toString().endsWith("StyleWaiver")) {
        waivers.add(
            new Waiver(
                argument(annotation, "rule"),
                argument(annotation, "reason"),
                source.path(),
                source.firstLine(annotation),
                declaration));
      }
    }
  }

  private static String argument(AnnotationTree annotation, String name) {
    return annotation.getArguments().stream()
        .filter(AssignmentTree.class::isInstance)
        .map(AssignmentTree.class::cast)
        .filter(argument -> argument.getVariable().toString().equals(name))
        .map(AssignmentTree::getExpression)
        .map(value -> value instanceof LiteralTree text ? text.getValue() : value)
        .map(String::valueOf)
        .findFirst()
        .orElse("");
  }

  /** The components of a record: its instance fields, since it can declare no others. */
  private static List<VariableTree> components(ClassTree type) {
    return type.getMembers().stream()
        .filter(VariableTree.class::isInstance)
        .map(VariableTree.class::cast)
        .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
        .toList();
  }

  private boolean isCanonicalConstructor(MethodTree method) {
    return method.getReturnType() == null
        && parent() instanceof ClassTree type
        && type.getKind() == Tree.Kind.RECORD
        && components(type).size() == method.getParameters().size();
  }

  private boolean isTopLevel() {
    return parent() instanceof CompilationUnitTree;
  }

  /** Whether others than neighbours can use what is looked at. */
  private boolean isOpen() {
    return !isBehindWall && isVisible(getCurrentPath());
  }

  /** Whether a declaration and all types around it can be used from outside the package. */
  private static boolean isVisible(TreePath declaration) {
    for (TreePath path = declaration; path != null; path = path.getParentPath()) {
      TreePath around = path.getParentPath();
      Tree tree = path.getLeaf();
      if (tree instanceof CompilationUnitTree) {
        return true;
      }
      ModifiersTree modifiers =
          tree instanceof ClassTree type
              ? type.getModifiers()
              : tree instanceof MethodTree method
                  ? method.getModifiers()
                  : tree instanceof VariableTree field ? field.getModifiers() : null;
      if (modifiers == null) {
        return false; // inside a body
      }
      Set<Modifier> flags = modifiers.getFlags();
      boolean open = flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED);
      boolean member = around != null && around.getLeaf() instanceof ClassTree;
      boolean implied =
          member && isInterface((ClassTree) around.getLeaf()) && !flags.contains(Modifier.PRIVATE);
      if (!open && !implied) {
        return false;
      }
    }
    return true;
  }

  private static boolean isInterface(ClassTree type) {
    return type.getKind() == Tree.Kind.INTERFACE || type.getKind() == Tree.Kind.ANNOTATION_TYPE;
  }

  private static boolean isOverride(MethodTree method) {
    return method.getModifiers().getAnnotations().stream()
        .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override"));
  }

  private @Nullable Tree parent() {
    TreePath around = getCurrentPath().getParentPath();
    return around == null ? null : around.getLeaf();
  }

  private void add(String rule, Tree declaration, String what) {
    findings.add(
        new Finding(rule, source.path(), source.firstLine(declaration), what, declaration));
  }
}
