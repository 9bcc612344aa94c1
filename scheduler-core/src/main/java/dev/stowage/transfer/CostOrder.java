package dev.stowage.transfer;

import java.util.Comparator;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A sorted set that finds the first member within a budget: an AVL tree with the least cost of
 * every subtree. Each operation takes less than 1.5 log2(size) steps.
 */
final class CostOrder<E> {
  private final Comparator<? super E> order;
  private final ToLongFunction<? super E> costOf;
  private @Nullable Node<E> root;
  private int size;

  private static final class Node<E> {
    final E member;
    final long cost;
    @Nullable Node<E> left;
    @Nullable Node<E> right;
    int height = 1;
    long leastCost;

    Node(E member, long cost) {
      this.member = member;
      this.cost = cost;
      this.leastCost = cost;
    }

    void update() {
      height = 1 + Math.max(height(left), height(right));
      leastCost = Math.min(cost, Math.min(leastCost(left), leastCost(right)));
    }
  }

  /** Creates an empty set; order and cost of a member must not change while it is in the set. */
  CostOrder(Comparator<? super E> order, ToLongFunction<? super E> costOf) {
    this.order = order;
    this.costOf = costOf;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Returns the first member that costs at most {@code budget}, or null. */
  @Nullable E firstWithin(long budget) {
    Node<E> node = root;
    if (node == null || node.leastCost > budget) {
      return null;
    }
    while (true) {
      Node<E> left = node.left;
      Node<E> right = node.right;
      if (left != null && left.leastCost <= budget) {
        node = left;
      } else if (node.cost <= budget || right == null) {
        return node.member;
      } else {
        node = right;
      }
    }
  }

  void add(E member) {
    root = with(root, member);
  }

  void remove(E member) {
    root = without(root, member);
  }

  private Node<E> with(@Nullable Node<E> node, E member) {
    if (node == null) {
      size++;
      return new Node<>(member, costOf.applyAsLong(member));
    }
    int compared = order.compare(member, node.member);
    if (compared < 0) {
      node.left = with(node.left, member);
    } else if (compared > 0) {
      node.right = with(node.right, member);
    }
    return balanced(node);
  }

  private @Nullable Node<E> without(@Nullable Node<E> node, E member) {
    if (node == null) {
      return null;
    }
    int compared = order.compare(member, node.member);
    if (compared < 0) {
      node.left = without(node.left, member);
    } else if (compared > 0) {
      node.right = without(node.right, member);
    } else {
      size--;
      return joined(node.left, node.right);
    }
    return balanced(node);
  }

  /** Joins two trees whose heights differ by at most one, all of one before all of the other. */
  private static <E> @Nullable Node<E> joined(@Nullable Node<E> left, @Nullable Node<E> right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    Node<E> middle = right;
    while (middle.left != null) {
      middle = middle.left;
    }
    middle.right = withoutFirst(right);
    middle.left = left;
    return balanced(middle);
  }

  private static <E> @Nullable Node<E> withoutFirst(Node<E> node) {
    Node<E> left = node.left;
    if (left == null) {
      return node.right;
    }
    node.left = withoutFirst(left);
    return balanced(node);
  }

  private static <E> Node<E> balanced(Node<E> node) {
    Node<E> left = node.left;
    Node<E> right = node.right;
    if (left != null && height(left) > height(right) + 1) {
      node.left = height(left.left) < height(left.right) ? turnedLeft(left) : left;
      return turnedRight(node);
    }
    if (right != null && height(right) > height(left) + 1) {
      node.right = height(right.right) < height(right.left) ? turnedRight(right) : right;
      return turnedLeft(node);
    }
    node.update();
    return node;
  }

  private static <E> Node<E> turnedRight(Node<E> node) {
    Node<E> top = Objects.requireNonNull(node.left);
    node.left = top.right;
    top.right = node;
    node.update();
    top.update();
    return top;
  }

  private static <E> Node<E> turnedLeft(Node<E> node) {
    Node<E> top = Objects.requireNonNull(node.right);
    node.right = top.left;
    top.left = node;
    node.update();
    top.update();
    return top;
  }

  private static int height(@Nullable Node<?> node) {
    return node == null ? 0 : node.height;
  }

  private static long leastCost(@Nullable Node<?> node) {
    return node == null ? Long.MAX_VALUE : node.leastCost;
  }
}
