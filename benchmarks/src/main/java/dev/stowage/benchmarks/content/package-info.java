/**
 * Content scheduling beside the JDK's heap and Netty's weighted fair distributor, on the published
 * workload.
 */
@NullMarked
package dev.stowage.benchmarks.content;

import org.jspecify.annotations.NullMarked;
