/** Topologies: meshes, stars, trees and graphs, without knowledge of what is sent over them. */
@NullMarked
package dev.stowage.propagation.topology;

import org.jspecify.annotations.NullMarked;
