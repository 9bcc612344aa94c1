/** YAML files of one mapping, read with the line of each value; all problems are told at once. */
@NullMarked
package dev.stowage.sim.tool.yaml;

import org.jspecify.annotations.NullMarked;
