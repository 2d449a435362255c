/**
 * Joins class names; false and undefined are left out. Two classes for one property must not meet: the style sheet's
 * order would decide. A component that can look different has a prop for it.
 */
export { clsx as cn } from "clsx";
