"""What samples draw with. A new set's generator takes its pictures together from these.

- `canvas`: paint soft-edged shapes with light on them, from back to front; outlines (`oval`,
  `limb`), `placed` puts a thing somewhere, turned, scaled and mirrored.
- `noise`: steps and bumps over coordinates, smooth noise over pixels, paths over time.
- `palette`: colours of skin, hair, irises and cloth.
- `camera`: exposure, tint, blur, noise, rounding to uint8; `photographed` does most of it.
- `faces`: people (`Identity`) in one picture (`Take`) with 68 exact landmarks.
- `portraits`: a person's head in colour on some day.
- `bodies`: whole people with joints and masks, in scenes.
- `traffic`: cars, motorcycles with riders and walkers as solids before a camera.
- `roads`: streets with pedestrians, cars and motorcycles, their boxes and masks.

What takes longer than half a second to draw is cached: `data.core.samples`.
"""
