import { Controller, Delete, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { sitesOf } from '../sites.js';
import { Stories } from './stories.js';
import type { StepOutcome } from './story.js';

/** The story that the demo page plays. Not available in production. */
@Controller('demo/stories')
export class StoryController {
  constructor(private readonly stories: Stories) {}

  @Post()
  @HttpCode(200)
  async begin(@Req() request: Request): Promise<{ story: string }> {
    return { story: await this.stories.begin(sitesOf(request)) };
  }

  @Post(':story/next')
  @HttpCode(200)
  next(@Param('story') story: string): Promise<StepOutcome> {
    return this.stories.next(story);
  }

  @Delete(':story')
  @HttpCode(204)
  end(@Param('story') story: string): Promise<void> {
    return this.stories.end(story);
  }
}
