/**
 * Who can be reached, by which way, and how well: meshes, stars, trees, and graphs of edges.
 *
 * <p>A topology knows nodes and links, and nothing of what is sent over them.
 */
@NullMarked
package dev.stowage.propagation.topology;

import org.jspecify.annotations.NullMarked;
