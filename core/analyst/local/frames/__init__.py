"""Frames: what a question does with a figure, told apart from the figure itself.

"Why did revenue drop in March" is the frame "why, downwards" around "revenue in March". `find`
takes the frame off, the rest is read as any question, and `apply` works the frame into its plan.
"""

from core.analyst.local.frames.applying import apply
from core.analyst.local.frames.finding import Frame, find

__all__ = ["Frame", "apply", "find"]
