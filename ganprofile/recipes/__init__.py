"""What helps a classifier and why: deformations of real images, labelled by teachers."""
